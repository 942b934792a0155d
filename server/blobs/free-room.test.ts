import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import type { BlobFiles } from './disk-files.ts';
import { freeBytes, roomBeside, withRoom } from './free-room.ts';

const full = expect.objectContaining({ code: 'storage.full' });

it('pictures take what is free, but not what is left for the records', async () => {
  let free = 1000;
  const written: string[] = [];
  const room = roomBeside(600, () => free);
  const take = async (path: string, ...given: unknown[]) => {
    written.push(path);
    free -= (given.at(-1) as Uint8Array).length;
  };
  const overwrite: BlobFiles['overwrite'] = async (path) => void written.push(path);
  const files = withRoom({ create: take, append: take, overwrite } as unknown as BlobFiles, room);
  await files.create('a', new Uint8Array(300));
  await files.append('b', 0, new Uint8Array(100));
  await expect(files.append('c', 0, new Uint8Array(1))).rejects.toEqual(full);
  await expect(files.create('d', new Uint8Array(1))).rejects.toEqual(full);
  await files.overwrite('e', 0, new Uint8Array(1));
  free += 1;
  await files.append('f', 0, new Uint8Array(1));
  expect(written).toEqual(['a', 'b', 'e', 'f']);
});

it('knows what is free on a disk, and refuses nothing where that is not told', () => {
  expect(freeBytes(tmpdir())).toBeGreaterThan(0);
  expect(freeBytes(tmpdir())).toBeLessThan(Number.MAX_SAFE_INTEGER);
  expect(freeBytes('/no/such/folder')).toBe(Number.MAX_SAFE_INTEGER);
});
