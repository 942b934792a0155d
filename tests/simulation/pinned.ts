/** Planted bugs of every part, with the first seed that notices them and the rule by which. */
export const knownCatches: readonly {
  readonly name: string;
  readonly seed: number;
  readonly invariant: string;
}[] = [
  { name: 'page-over-own-entry', seed: 1, invariant: 'a chain of the own is never cut' },
  { name: 'placed-is-delivered', seed: 1, invariant: 'the outbox shrinks on acknowledgement alone' },
  { name: 'clock-goes-back', seed: 1, invariant: 'the clock of a chain only grows' },
  {
    name: 'old-pledge-in-new-epoch',
    seed: 1,
    invariant: 'an honest hub is believed, and nothing else is thrown',
  },
  { name: 'unsigned-taken', seed: 1, invariant: 'forged entries are never taken' },
  { name: 'orphan-taken', seed: 3, invariant: 'parents come before children' },
  { name: 'forks-untold', seed: 3, invariant: 'the clinical state is what the definitions say' },
  { name: 'audit-for-everybody', seed: 1, invariant: 'what only administrators may read stays with them' },
  { name: 'chain-moves-before-commit', seed: 2, invariant: 'parents come before children' },
  { name: 'epoch-without-reconciling', seed: 2, invariant: 'everybody hears of everything' },
  { name: 'quarantined-still-shown', seed: 1, invariant: 'all devices and the hub say the same' },
  { name: 'receipt-of-another-place', seed: 1, invariant: 'the export verifies with every receipt' },
  {
    name: 'late-content-dropped',
    seed: 2,
    invariant: 'the content that somebody holds the hub holds in the end',
  },
  { name: 'disk-full-is-done', seed: 3, invariant: 'the hub does not break down' },
];
