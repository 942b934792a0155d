import type { ReadFinding, ReadingReviews, SignedReading } from '../../../engine/desk-api.ts';
import { momentInWords } from '../../../ui/words.ts';

export const answers = { yes: 'Present', no: 'Not present', uncertain: 'Cannot tell' } as const;

export function stateSentence({ state }: Pick<ReadingReviews, 'state'>): string {
  switch (state) {
    case 'none':
      return 'Nobody has signed a reading of this X-ray yet.';
    case 'read':
      return 'One reading stands.';
    case 'discordant':
      return 'Readings stand beside each other that did not see one another. Somebody has to settle them.';
    case 'adjudicated':
      return 'Readings stood beside each other and have been settled.';
  }
}

export function signerInWords({ mine, actor }: Pick<SignedReading, 'mine' | 'actor'>): string {
  return mine ? 'You' : `Another reader (${actor.slice(0, 8)})`;
}

export function signedWhen({ at, placed }: Pick<SignedReading, 'at' | 'placed'>): string {
  return placed ? momentInWords(at) : `${momentInWords(at)}, not at the hub yet`;
}

/** Findings of which two standing readings say different things. */
export function disputed({ signed }: Pick<ReadingReviews, 'signed'>): ReadonlySet<string> {
  const said = new Map<string, Set<ReadFinding['present']>>();
  for (const { stands, findings = [] } of signed) {
    if (!stands) continue;
    for (const { code, present } of findings) said.set(code, (said.get(code) ?? new Set()).add(present));
  }
  return new Set([...said].flatMap(([code, presents]) => (presents.size > 1 ? [code] : [])));
}
