import { describe, expect, it } from 'vitest';
import { openReserve, reserveBytes, storageRoom } from './storage-reserve.ts';

const facts = (quotaBytes: number, freeBytes: number) => ({
  quotaBytes,
  usageBytes: quotaBytes - freeBytes,
  persisted: true,
});

describe('the reserve', () => {
  it.each([
    [100e9, 1e9],
    [10e9, 500e6],
    [2e9, 200e6],
    [600e6, 120e6],
    [0, 0],
  ])('of %d bytes is %d', (quota, reserve) => {
    expect(reserveBytes(quota)).toBe(reserve);
  });

  it.each([
    [40e9, 'ample'],
    [3.9e9, 'scarce'],
    [1.1e9, 'scarce'],
    [1e9, 'none'],
    [0, 'none'],
  ])('of 100 GB with %d bytes free leaves room that is %s', (free, state) => {
    expect(storageRoom(facts(100e9, free))?.state).toBe(state);
  });

  it('tells how many films of the usual size fit', () => {
    expect(storageRoom(facts(100e9, 3e9), [10e6, 30e6, 0])?.films).toBe(100);
    expect(storageRoom(facts(100e9, 2.2e9))?.films).toBe(100);
    expect(storageRoom(facts(100e9, 0.5e9))?.films).toBe(0);
  });

  it('is not known where the browser does not say, or allows next to nothing', () => {
    expect(storageRoom({ usageBytes: 0, quotaBytes: 10e6 })).toBeUndefined();
    expect(storageRoom({ usageBytes: undefined, quotaBytes: 1 })).toBeUndefined();
    expect(storageRoom({ usageBytes: 1, quotaBytes: undefined })).toBeUndefined();
  });

  it('takes what fits beside it, and asks seldom', async () => {
    let asked = 0;
    let free = 1.5e9;
    const reserve = openReserve(async () => {
      asked++;
      return facts(100e9, free);
    });
    for (let count = 0; count < 50; count++) expect(await reserve.take(10e6)).toBe(true);
    expect(asked).toBe(1);
    free = 1.005e9;
    expect(await reserve.take(10e6)).toBe(false);
    expect(await reserve.take(1e6)).toBe(true);
    // Somebody has made room.
    free = 2e9;
    expect(await reserve.take(10e6)).toBe(true);
    expect(asked).toBe(3);
  });

  it('refuses nothing where the browser does not say', async () => {
    const unknown = { usageBytes: undefined, quotaBytes: undefined, persisted: undefined };
    expect(await openReserve(async () => unknown).take(1e12)).toBe(true);
  });
});
