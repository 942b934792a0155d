/** Planted bugs of every part, each of which some of the first seeds notice. */
export const soonNoticed: readonly string[] = [
  'page-over-own-entry',
  'placed-is-delivered',
  'clock-goes-back',
  'old-pledge-in-new-epoch',
  'unsigned-taken',
  'orphan-taken',
  'forks-untold',
  'audit-for-everybody',
  'chain-moves-before-commit',
  'epoch-without-reconciling',
  'quarantined-still-shown',
  'receipt-of-another-place',
  'late-content-dropped',
  'disk-full-is-done',
];
