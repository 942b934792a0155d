import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../shared/imaging/png-encode.ts';
import { walk } from './walk.ts';

let root = '';
const png = encodePng(2, 2, new Uint8Array(4));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fieldray-walk-'));
  await mkdir(join(root, 'b/deep'), { recursive: true });
  await writeFile(join(root, 'b/deep/no-extension'), png);
  await writeFile(join(root, 'b/empty.dcm'), '');
  await writeFile(join(root, 'a.PNG'), png);
  await writeFile(join(root, 'notes.txt'), 'not an image');
  await symlink(join(root, 'a.PNG'), join(root, 'linked'));
  await symlink(join(root, 'b'), join(root, 'folder-link'));
  await symlink(join(root, 'nowhere'), join(root, 'broken.jpg'));
});
afterAll(() => rm(root, { recursive: true }));

const relatives = async (...paths: string[]): Promise<string[]> =>
  (await walk(paths)).files.map(({ relative }) => relative);

describe('walk', () => {
  it('finds images by content or extension, in order of name, and counts the rest', async () => {
    expect(await relatives(root)).toEqual([
      'a.PNG',
      'b/deep/no-extension',
      'b/empty.dcm',
      'broken.jpg',
      'linked',
    ]);
    expect((await walk([root])).skipped).toBe(2);
  });

  it('gives paths as walked, whatever slashes the folder was given with', async () => {
    const { files } = await walk([`${root}/b//`]);
    expect(files[0]).toEqual({ path: `${root}/b/deep/no-extension`, relative: 'deep/no-extension' });
  });

  it('takes a file named outright, whatever it is', async () => {
    expect(await relatives(join(root, 'notes.txt'), join(root, 'broken.jpg'))).toEqual([
      'notes.txt',
      'broken.jpg',
    ]);
  });

  it('follows a folder link that was named outright', async () => {
    expect(await relatives(join(root, 'folder-link'))).toEqual(['deep/no-extension', 'empty.dcm']);
  });

  it.skipIf(process.getuid?.() === 0)(
    'does not pass over what it may not open (skipped as root)',
    async () => {
      await mkdir(join(root, 'closed'), { mode: 0 });
      await writeFile(join(root, 'unreadable'), png, { mode: 0 });
      expect(await relatives(root)).toEqual(expect.arrayContaining(['closed', 'unreadable']));
    },
  );

  it('refuses a path that does not exist', async () => {
    await expect(walk([join(root, 'missing')])).rejects.toMatchObject({ code: 'usage.file-problem' });
  });
});
