import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Work that ends when it is told to, and what has begun so far. */
function situation() {
  const turns = createTurns<'image' | 'explanation'>();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const take = (kind: 'image' | 'explanation', name: string, signal = never) =>
    turns.take(kind, signal, async () => {
      begun.push(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      await promise;
      return name;
    });
  const end = async (name: string): Promise<void> => {
    await settled();
    ends.get(name)!();
    await settled();
  };
  return { take, begun, end };
}

describe('turns', () => {
  it('lets one thing be done at a time, and begins at once when nothing is', async () => {
    const { take, begun, end } = situation();
    const first = take('image', 'a');
    void take('image', 'b');
    await settled();
    expect(begun).toEqual(['a']);
    await end('a');
    expect(await first).toBe('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    void take('image', 'c');
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('alternate between the kinds, however many of one are waiting', async () => {
    const { take, begun, end } = situation();
    for (const name of ['a', 'b', 'c']) void take('image', name);
    for (const name of ['A', 'B']) void take('explanation', name);
    for (const name of ['a', 'A', 'b', 'B']) await end(name);
    expect(begun).toEqual(['a', 'A', 'b', 'B', 'c']);
  });

  it('pass over who has given up waiting', async () => {
    const { take, begun, end } = situation();
    const controller = new AbortController();
    void take('image', 'a');
    const given = take('explanation', 'A', controller.signal);
    void take('explanation', 'B');
    controller.abort(new Error('left'));
    await expect(given).rejects.toThrow('left');
    await end('a');
    expect(begun).toEqual(['a', 'B']);
  });

  it('go on after work that failed', async () => {
    const turns = createTurns<'image'>();
    const failing = turns.take('image', never, () => Promise.reject(new Error('broken')));
    const next = turns.take('image', never, async () => 'read');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('read');
  });
});
