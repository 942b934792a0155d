import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../shared/imaging/png-encode.ts';
import { checkOutputs } from './output-plan.ts';
import type { ReadOptions } from './read-options.ts';
import { type FoundFile, walk } from './walk.ts';

let root = '';
const png = encodePng(2, 2, new Uint8Array(4));
const at = (...parts: string[]): string => join(root, ...parts);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fieldray-outputs-'));
  await mkdir(at('in'));
  for (const name of ['p.png', 'p.mask.png', 'other.png']) await writeFile(at('in', name), png);
  await symlink(at('in'), at('link'));
  await writeFile(at('file'), 'text');
});
afterAll(() => rm(root, { recursive: true }));

async function check(options: Partial<ReadOptions>, files?: readonly FoundFile[]): Promise<void> {
  const found = files ?? (await walk([at('in/p.png')])).files;
  await checkOutputs(found, { paths: [], phantom: false, explain: [], ...options });
}

const wouldOverwrite = { code: 'usage.would-overwrite' };

describe('checkOutputs', () => {
  it('lets new files and old results be written', async () => {
    await writeFile(at('old.csv'), 'file,sha256\n');
    await check({ csv: at('old.csv'), json: at('new/out.json'), overlayDir: at('ov'), masksDir: at('mk') });
  });

  it('never lets a report replace an image, be it an input or not', async () => {
    await expect(check({ csv: at('in/p.png') })).rejects.toMatchObject(wouldOverwrite);
    await expect(check({ json: at('link/p.png') })).rejects.toMatchObject(wouldOverwrite);
    await expect(check({ csv: at('in/other.png') })).rejects.toMatchObject(wouldOverwrite);
    expect(await readFile(at('in/p.png'))).toEqual(Buffer.from(png));
  });

  it('never lets a mask replace an input', async () => {
    const { files } = await walk([at('in')]);
    await expect(check({ masksDir: at('link') }, files)).rejects.toMatchObject(wouldOverwrite);
  });

  it('keeps two reports apart', async () => {
    await expect(check({ csv: at('same'), json: at('same') })).rejects.toMatchObject(wouldOverwrite);
  });

  it('says in a sentence that a folder cannot be made', async () => {
    await expect(check({ overlayDir: at('file') })).rejects.toMatchObject({
      code: 'usage.file-problem',
      message: expect.stringContaining('is a file, not a folder'),
    });
  });
});
