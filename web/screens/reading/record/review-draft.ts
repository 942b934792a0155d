import type { NewReview, ReadFinding } from '../../../engine/desk-api.ts';

/** A review that is being written. */
export interface ReviewDraft {
  readonly present: Readonly<Record<string, ReadFinding['present']>>;
  readonly note: string;
}

const isAnswer = (value: unknown): value is ReadFinding['present'] =>
  value === 'yes' || value === 'no' || value === 'uncertain';

/** Undefined for what is none: an earlier version may have kept something else. */
export function readDraft(kept: unknown): ReviewDraft | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const { present, note } = kept as { readonly present?: unknown; readonly note?: unknown };
  if (typeof present !== 'object' || present === null || typeof note !== 'string') return undefined;
  const given = Object.entries(present).filter((one): one is [string, ReadFinding['present']] =>
    isAnswer(one[1]),
  );
  return { present: Object.fromEntries(given), note };
}

/** Undefined until each finding has its answer. @param settles readings that stand beside each other */
export function reviewOf(
  { present, note }: ReviewDraft,
  findings: readonly { readonly code: string }[],
  settles: boolean,
): NewReview | undefined {
  const read = findings.flatMap(({ code }) => {
    const given = present[code];
    return given === undefined ? [] : [{ code, present: given }];
  });
  if (read.length < findings.length) return undefined;
  const words = note.trim();
  return { findings: read, ...(words !== '' && { note: words }), adjudicates: settles };
}
