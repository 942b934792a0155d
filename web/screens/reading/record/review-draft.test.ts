import { describe, expect, it } from 'vitest';
import { readDraft, reviewOf } from './review-draft.ts';

const findings = [{ code: 'pneumonia' }, { code: 'effusion' }];

describe('a review that is being written', () => {
  it('is one when each finding has its answer, and not before', () => {
    expect(reviewOf({ present: { pneumonia: 'yes' }, note: 'x' }, findings, false)).toBeUndefined();
    const present = { pneumonia: 'yes', effusion: 'uncertain', other: 'no' } as const;
    expect(reviewOf({ present, note: '  ' }, findings, true)).toEqual({
      findings: [
        { code: 'pneumonia', present: 'yes' },
        { code: 'effusion', present: 'uncertain' },
      ],
      adjudicates: true,
    });
    expect(reviewOf({ present, note: ' seen ' }, findings, false)).toMatchObject({ note: 'seen' });
  });

  it('is read back as it was, and nothing else is', () => {
    const draft = { present: { pneumonia: 'no' }, note: 'later' };
    expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
    expect(readDraft({ present: { pneumonia: 'maybe' }, note: '' })).toEqual({ present: {}, note: '' });
    for (const other of [undefined, null, 'text', { present: null, note: '' }, { present: {} }]) {
      expect(readDraft(other)).toBeUndefined();
    }
  });
});
