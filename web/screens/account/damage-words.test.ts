import { describe, expect, it } from 'vitest';
import type { Ledger, Unsynced } from '../../../shared/log/ledger.ts';
import { momentInWords } from '../../ui/words.ts';
import { damageInWords, earlierInWords, lossInWords } from './damage-words.ts';

const [ten, eleven] = [Date.UTC(2026, 10, 23, 10), Date.UTC(2026, 10, 23, 11)];
const unsynced: Unsynced = {
  device: 'd'.repeat(32),
  version: 3,
  at: eleven,
  count: 8,
  kinds: { 'image.added': 5, 'review.added': 1, 'audit.opened': 2 },
  pictures: 0,
  sizes: [9, 9, 3],
  first: ten,
  last: eleven,
  from: 2,
  names: [],
};
const ledger: Ledger = { format: 1, unsynced, former: [] };

describe('damage in words', () => {
  it('is none where all is well, and on a device where nobody ever was', () => {
    expect(damageInWords({ vault: 'open' }, ledger)).toBeUndefined();
    expect(damageInWords({ vault: 'locked' }, undefined)).toBeUndefined();
    expect(damageInWords({ vault: 'none' }, undefined)).toBeUndefined();
  });

  it('names what had not reached the hub', () => {
    const words = damageInWords({ vault: 'locked', damage: 'records-gone' }, { ...ledger, settledAt: ten });
    expect(words?.title).toBe('The records of this device are gone.');
    expect(words?.safe).toContain(`The last time that was everything: ${momentInWords(ten)}.`);
    expect(words?.loss).toBe(
      'Not at the hub: 8 records (5 X-rays, 1 review, 2 others), ' +
        `made between ${momentInWords(ten)} and ${momentInWords(eleven)}.`,
    );
    expect(words?.next).toMatch(/^Unlock this device while the hub is in reach/);
  });

  it.each([
    ['records-damaged', 'open', /^Lock this device, then unlock it/],
    ['records-damaged', 'locked', /^Unlock this device/],
    ['vault-gone', 'none', /^Sign in/],
  ] as const)('of %s on a device that is %s tells the next step', (damage, vault, next) => {
    expect(damageInWords({ vault, damage }, ledger)?.next).toMatch(next);
  });

  it('is seen from the ledger alone where all else is gone, and says where that is, too', () => {
    expect(damageInWords({ vault: 'none' }, ledger)?.what).toBe('vault-gone');
    expect(damageInWords({ vault: 'locked', damage: 'records-gone' }, undefined)?.loss).toContain(
      'nothing was noted here',
    );
    const settled = { ...ledger, unsynced: { ...unsynced, count: 0, kinds: {} } };
    expect(damageInWords({ vault: 'none' }, settled)?.loss).toContain('Everything had reached it');
  });
});

describe('a loss in words', () => {
  it('is not known until everything is here', () => {
    expect(lossInWords({ noted: unsynced })).toMatchObject({ isKnown: false });
  });

  it('says how many, of what kind and from when', () => {
    const missing = { count: 1, kinds: { 'review.added': 1 }, first: ten, last: ten };
    const { title, lines, isKnown } = lossInWords({ noted: unsynced, missing });
    expect([title, isKnown]).toEqual(['1 record is lost.', true]);
    expect(lines[0]).toBe(`Neither at the hub nor here: 1 record (1 review), made at ${momentInWords(ten)}.`);
  });

  it('says since when, where nothing else is known', () => {
    expect(earlierInWords(ten).lines.join(' ')).toContain(`at ${momentInWords(ten)}. If that was this one`);
  });

  it('speaks of pictures alone where the records are all there', () => {
    const missing = { count: 0, kinds: {} };
    const { title, lines } = lossInWords({ noted: { ...unsynced, pictures: 2 }, missing });
    expect(title).toBe('Some pictures are lost.');
    expect(lines[0]).toBe('2 pictures had not reached the hub in full.');
  });
});
