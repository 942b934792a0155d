import { afterEach, describe, expect, it, vi } from 'vitest';
import { askToPersist, readStorageFacts } from './storage-facts.ts';

function withStorage(storage: unknown): void {
  vi.stubGlobal('navigator', { storage });
}

describe('the room on this device', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('is told as the browser tells it', async () => {
    withStorage({
      estimate: async () => ({ usage: 10, quota: 100 }),
      persisted: async () => false,
      persist: async () => true,
    });
    expect(await readStorageFacts()).toEqual({ usageBytes: 10, quotaBytes: 100, persisted: false });
    expect(await askToPersist()).toBe(true);
  });

  it.each([
    ['has no storage', undefined],
    ['knows nothing', {}],
    [
      'refuses',
      { estimate: () => Promise.reject(new TypeError()), persist: () => Promise.reject(new TypeError()) },
    ],
  ])('is unknown where the browser %s', async (_, storage) => {
    withStorage(storage);
    expect(await readStorageFacts()).toEqual({
      usageBytes: undefined,
      quotaBytes: undefined,
      persisted: undefined,
    });
    expect(await askToPersist()).toBe(false);
  });
});
