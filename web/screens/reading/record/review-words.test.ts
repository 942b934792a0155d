import { describe, expect, it } from 'vitest';
import type { SignedReading } from '../../../engine/desk-api.ts';
import { disputed, signedWhen, signerInWords } from './review-words.ts';

const signed = (present: 'yes' | 'no' | 'uncertain', stands = true): SignedReading => ({
  h: present,
  mine: false,
  actor: '0123456789abcdef',
  at: 0,
  adjudicates: false,
  stands,
  placed: true,
  findings: [
    { code: 'pneumonia', present },
    { code: 'effusion', present: 'no' },
  ],
});

describe('readings', () => {
  it('disagree where standing ones say different things, and nowhere else', () => {
    expect([...disputed({ signed: [signed('yes'), signed('no')] })]).toEqual(['pneumonia']);
    expect([...disputed({ signed: [signed('yes'), signed('uncertain')] })]).toEqual(['pneumonia']);
    expect([...disputed({ signed: [signed('yes'), signed('no', false)] })]).toEqual([]);
    expect([...disputed({ signed: [signed('yes'), { ...signed('no'), findings: undefined }] })]).toEqual([]);
  });

  it('say whose they are, and whether the hub has them', () => {
    expect(signerInWords({ mine: true, actor: 'x' })).toBe('You');
    expect(signerInWords(signed('yes'))).toBe('Another reader (01234567)');
    expect(signedWhen({ at: 0, placed: false })).toContain('not at the hub yet');
    expect(signedWhen({ at: 0, placed: true })).not.toContain('hub');
  });
});
