import { describe, expect, it } from 'vitest';
import { onlyHere, syncInWords } from './sync-words.ts';

const at = 1_800_000_000_000;

describe('the words about sync', () => {
  it('say that all is at the hub only when nothing is left here', () => {
    expect(syncInWords({ state: 'settled', at }, { outbox: 0 }, false)).toEqual({
      kind: 'settled',
      title: 'Everything is at the hub.',
    });
    expect(syncInWords({ state: 'settled', at }, { outbox: 1 }, false).kind).toBe('open');
  });

  it.each([
    ['network.unreachable', 'The hub is not in reach.'],
    ['sync.slow-down', /./],
  ] as const)('say why it waits: %s', (code, title) => {
    const words = syncInWords({ state: 'waiting', at, code }, { outbox: 2 }, false);
    expect(words.kind).toBe('open');
    expect(words.title).toMatch(title);
    expect(words.next).toContain('by itself');
  });

  it('say what to do when it has stopped, or when the device was copied', () => {
    const stopped = syncInWords({ state: 'stopped', at, code: 'account.signed-out' }, { outbox: 0 }, false);
    expect(stopped).toMatchObject({ kind: 'stopped', title: 'Please sign in.' });
    expect(syncInWords({ state: 'settled', at }, { outbox: 0 }, true).kind).toBe('stopped');
  });

  it('count what is only here', () => {
    expect([0, 1, 1200].map((outbox) => onlyHere({ outbox }))).toEqual([
      'Nothing is only on this device.',
      '1 record only on this device.',
      '1,200 records only on this device.',
    ]);
  });
});
