import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  begun,
  confirmed,
  counted,
  lacksSomething,
  type Ledger,
  missingOf,
  mostLedgerBytes,
  type NamedEntry,
  noted,
  noteUnsynced,
  type Unsynced,
} from './ledger.ts';
import { readLedger } from './read-ledger.ts';

const device = 'd'.repeat(32);
const other = 'e'.repeat(32);
const nameOf = (n: number): string => n.toString(16).padStart(64, '0');
const entry = (n: number, kind = 'review.added'): NamedEntry => [nameOf(n), n, 1_700_000_000_000 + n, kind];

/** `n` from 1 to `count`, as a chain that grew offline. */
function note(count: number, more: Partial<Unsynced> = {}): Unsynced {
  const all = Array.from({ length: count }, (_, index) => entry(index + 1));
  const facts = {
    device,
    version: count,
    at: 1_800_000_000_000,
    count,
    pictures: 0,
    sizes: [count, count, 1] as const,
    ...more,
  };
  return {
    ...noteUnsynced(
      { ...facts, ...(count > 0 && { oldest: all[0]!, from: 1 }) },
      count > 0 ? { 'review.added': count } : {},
      all,
    ),
    ...more,
  };
}

describe('the ledger of what is not at the hub', () => {
  it('is what the later look at a store said, whichever window writes last', () => {
    const [one, two] = [note(1), note(2)];
    expect(noted(noted(undefined, one), two)).toEqual(noted(noted(undefined, two), one));
    const notes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(notes, (counts) => {
        const ledger = counts.reduce<Ledger | undefined>(
          (held, count) => noted(held, note(count)),
          undefined,
        );
        expect(ledger?.unsynced.version).toBe(Math.max(...counts));
      }),
      { seed: 20_261_123 },
    );
  });

  it('knows when all was at the hub, and keeps that while something is not', () => {
    const settled = noted(undefined, note(0, { at: 5 }));
    expect(settled.settledAt).toBe(5);
    expect(noted(settled, note(2)).settledAt).toBe(5);
    expect(noted(undefined, note(0, { pictures: 1 }))).not.toHaveProperty('settledAt');
  });

  it('takes all of it for lost when the store is another device’s, until it has been asked for', () => {
    const ledger = noted(noted(undefined, note(3)), note(0, { device: other, version: 0 }));
    expect(ledger.lost?.noted).toMatchObject({ count: 3, from: 1, device });
    // What the old store says comes too late.
    expect(noted(ledger, note(9))).toBe(ledger);
    expect(counted(ledger, { count: 0, kinds: {} })).not.toHaveProperty('lost');
    const missing = { count: 2, kinds: { 'review.added': 2 } };
    expect(counted(ledger, missing).lost?.missing).toEqual(missing);
    expect(confirmed(counted(ledger, missing))).not.toHaveProperty('lost');
  });

  it('asks once whether a device was here before, and keeps the answer until it was read', () => {
    const first = noted(undefined, note(1));
    expect(first.isFirst).toBe(true);
    expect(begun(first, undefined)).toEqual({ format: 1, unsynced: note(1), former: [] });
    const later = noted(begun(first, 77), note(2));
    expect(later).toMatchObject({ earlierAt: 77 });
    expect(later).not.toHaveProperty('isFirst');
    expect(readLedger(JSON.stringify(later))).toEqual(later);
    expect(confirmed(later)).not.toHaveProperty('earlierAt');
    expect(begun(later, 99).earlierAt).toBe(77);
  });

  it('has lost nothing where nothing was open, or the files are still here', () => {
    const settled = noted(undefined, note(0));
    expect(noted(settled, note(0, { device: other }))).not.toHaveProperty('lost');
    const withFile = noted(undefined, note(0, { pictures: 2 }));
    expect(noted(withFile, note(0, { device: other, pictures: 2 }))).not.toHaveProperty('lost');
    const one = noted(withFile, note(0, { device: other, pictures: 1 }));
    expect(counted(one, { count: 0, kinds: {} }).lost?.noted.pictures).toBe(1);
  });

  it('adds a second loss to one that nobody has confirmed', () => {
    const first = noted(noted(undefined, note(3)), note(2, { device: other, version: 1 }));
    const second = noted(first, note(0, { device: 'f'.repeat(32), version: 0 }));
    expect(second.lost?.noted).toMatchObject({ count: 5, kinds: { 'review.added': 5 }, device: other });
    expect(second.lost).not.toHaveProperty('missing');
  });

  it('notices a store that was put back, or lacks a part', () => {
    const ledger = noted(undefined, note(4));
    expect(lacksSomething(ledger, note(4, { sizes: [4, 3, 1] }))).toBe(true);
    expect(lacksSomething(ledger, note(4, { sizes: [4, 4, 0] }))).toBe(true);
    expect(lacksSomething(ledger, note(5, { sizes: [3, 5, 1] }))).toBe(true);
    // Rows and bodies go as well as come.
    expect(lacksSomething(ledger, note(5, { sizes: [5, 0, 0] }))).toBe(false);
    expect(lacksSomething(ledger, note(3))).toBe(true);
    expect(lacksSomething(ledger, note(4))).toBe(false);
    expect(lacksSomething(ledger, note(0, { device: other }))).toBe(false);
    expect(lacksSomething(undefined, note(3))).toBe(false);
  });
});

describe('what did not come back', () => {
  const namesOf = (from: number, to: number): Set<string> =>
    new Set(Array.from({ length: to - from + 1 }, (_, index) => nameOf(from + index)));

  it('is counted, by kind and time, from the names', () => {
    expect(missingOf(note(5), namesOf(1, 2), 0)).toEqual({
      count: 3,
      kinds: { 'review.added': 3 },
      first: entry(3)[2],
      last: entry(5)[2],
    });
    expect(missingOf(note(5), namesOf(1, 5), 0)).toEqual({ count: 0, kinds: {} });
  });

  it('counts those without a name by the chain', () => {
    const many = note(1000);
    expect(many.names).toHaveLength(28);
    expect(missingOf(many, new Set(), 0)).toEqual({
      count: 1000,
      kinds: { 'review.added': 1000 },
      first: entry(1)[2],
      last: entry(1000)[2],
    });
    // 600 came back with the chain, none of the named ones.
    expect(missingOf(many, new Set(), 600)).toMatchObject({ count: 400, kinds: {} });
    // The newest parts of it came back, so everything before them has.
    expect(missingOf(many, namesOf(973, 990), 972)).toMatchObject({ count: 10, first: entry(991)[2] });
  });
});

describe('the ledger as a text', () => {
  const longKind = 'k'.repeat(60);
  const largest = (): Ledger => {
    const kinds = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${longKind}${index}`, 1e12]));
    const names = Array.from({ length: 100 }, (_, index): NamedEntry => [
      nameOf(index),
      1e12,
      253e12,
      'review.adjudicated',
    ]);
    const full = (of: string): Unsynced =>
      noteUnsynced(
        {
          device: of,
          version: 1e15,
          at: 253e12,
          count: 1e12,
          pictures: 1e12,
          sizes: [1e12, 1e12, 1e12],
          oldest: names[0]!,
        },
        kinds,
        names,
      );
    const devices = ['1', '2', '3', '4', '5', '6', '7'].map((digit) => digit.repeat(32));
    const ledger = devices.reduce<Ledger | undefined>((held, of) => noted(held, full(of)), undefined)!;
    return counted(ledger, { count: 1e12, kinds: full(device).kinds, first: 253e12, last: 253e12 });
  };

  it('is small, however much there is', () => {
    const text = JSON.stringify(largest());
    expect(text.length).toBeGreaterThan(4000);
    expect(text.length).toBeLessThanOrEqual(mostLedgerBytes);
    expect(readLedger(text)).toEqual(largest());
  });

  it('is read as it was written, and not when it is something else', () => {
    const ledger = counted(noted(noted(undefined, note(3)), note(1, { device: other })), {
      count: 1,
      kinds: {},
    });
    const text = JSON.stringify(ledger);
    expect(readLedger(text)).toEqual(ledger);
    const wrong = [
      null,
      '',
      '[]',
      '"ledger"',
      'null',
      text.slice(0, -1),
      text.replace('"format":1', '"format":2'),
      text.replace(other, 'nobody'),
      text.replace('"count":1', '"count":-1'),
      text.replace(nameOf(1), '<script>'),
      text.replace('"former":[', '"former":[3,'),
      `${text}${' '.repeat(mostLedgerBytes)}`,
    ];
    for (const each of wrong) expect(readLedger(each), String(each).slice(0, 80)).toBeUndefined();
  });
});
