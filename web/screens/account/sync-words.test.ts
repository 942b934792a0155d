import { describe, expect, it } from 'vitest';
import { onlyHereInWords, syncInWords } from './sync-words.ts';

const at = 1_800_000_000_000;
const nothing = { records: 0, pictures: 0 };

describe('the words about sync', () => {
  it('say that all is at the hub only when nothing is left here', () => {
    expect(syncInWords({ state: 'settled', at }, nothing, false)).toEqual({
      kind: 'settled',
      title: 'Everything is at the hub.',
    });
    expect(syncInWords({ state: 'settled', at }, { records: 1, pictures: 0 }, false).kind).toBe('open');
    expect(syncInWords({ state: 'settled', at }, { records: 0, pictures: 1 }, false).kind).toBe('open');
  });

  it.each([
    ['network.unreachable', 'The hub is not in reach.'],
    ['sync.slow-down', /./],
  ] as const)('say why it waits: %s', (code, title) => {
    const words = syncInWords({ state: 'waiting', at, code }, { records: 2, pictures: 0 }, false);
    expect(words.kind).toBe('open');
    expect(words.title).toMatch(title);
    expect(words.next).toContain('by itself');
  });

  it('say what to do when it has stopped, or when the device was copied', () => {
    const stopped = syncInWords({ state: 'stopped', at, code: 'account.signed-out' }, nothing, false);
    expect(stopped).toMatchObject({ kind: 'stopped', title: 'Please sign in.' });
    expect(syncInWords({ state: 'settled', at }, nothing, true).kind).toBe('stopped');
  });

  it('count what is only here', () => {
    const told = (records: number, pictures = 0): string => onlyHereInWords({ records, pictures });
    expect(told(0)).toBe('Nothing is only on this device.');
    expect(told(1)).toBe('1 record only on this device.');
    expect(told(1200, 1)).toBe('1,200 records and 1 picture only on this device.');
    expect(told(0, 1000)).toBe('1,000 pictures or more only on this device.');
  });
});
