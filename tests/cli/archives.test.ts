import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { dicomdirFile } from '../fixtures/dicomdir-builder.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { runFieldray } from '../fixtures/run-fieldray.ts';
import { zipFile } from '../fixtures/zip-builder.ts';

let root = '';
const inRoot = (...parts: string[]): string => join(root, ...parts);
const picture = phantomFile({ width: 200, height: 180 });
const dicom = phantomDicom({ width: 200, height: 200 });

beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'fieldray-archives-'))));
afterAll(() => rm(root, { recursive: true }));

async function read(...args: readonly string[]) {
  const csv = inRoot('out.csv');
  const { status, stdout } = await runFieldray('read', ...args, '--csv', csv);
  const rows = (await readFile(csv, 'utf8')).trimEnd().split('\n').slice(1);
  const intakes = rows.map((row) => {
    const [file = '', , , , intake = ''] = row.split(',');
    return [file.replace(`${root}/`, ''), intake.replace(/^(ok|warning.*)$/, 'read')];
  });
  return { status, stdout, intakes };
}

const list = dicomdirFile([
  { type: 'IMAGE', file: 'IMAGES\\SECOND' },
  { type: 'IMAGE', file: 'IMAGES\\FIRST' },
  { type: 'IMAGE', file: 'IMAGES\\LOST' },
  { type: 'IMAGE', file: '..\\SECRET' },
]);

describe('an archive', () => {
  it('is read entry by entry; what is damaged, locked or an archive in it is a row, and the others go on', async () => {
    const archive = zipFile([
      { name: 'day/good.png', bytes: picture },
      { name: 'day/IM0001', bytes: dicom },
      { name: 'day/damaged.png', bytes: picture, statedCrc: 1 },
      { name: 'day/locked.dcm', bytes: dicom, flags: 0x801 },
      { name: 'day/bomb.dcm', bytes: new Uint8Array(6 * 2 ** 20) },
      { name: 'day/inner.zip', bytes: zipFile([{ name: 'a.png', bytes: picture }]) },
      { name: 'README.txt', bytes: new TextEncoder().encode('Dear colleague') },
      { name: '../../escape.png', bytes: picture },
    ]);
    await mkdir(inRoot('zip'));
    await writeFile(inRoot('zip/all.zip'), archive);
    const { status, stdout, intakes } = await read(inRoot('zip'), '--masks', inRoot('masks'));
    expect(status).toBe(2);
    expect(Object.fromEntries(intakes)).toEqual({
      'zip/all.zip › day/IM0001': 'read',
      'zip/all.zip › day/bomb.dcm': 'refused:image.too-large',
      'zip/all.zip › day/damaged.png': 'refused:image.archive-damaged',
      'zip/all.zip › day/good.png': 'read',
      'zip/all.zip › day/inner.zip': 'refused:image.archive',
      'zip/all.zip › day/locked.dcm': 'refused:image.encrypted',
      'zip/all.zip › escape.png': 'read',
    });
    expect(stdout).toContain('3 read, 4 refused, 1 other file skipped');
    await expect(readFile(inRoot('masks/all.zip/escape.mask.png'))).resolves.toHaveProperty('length');
  });

  it('that is cut is one row', async () => {
    const archive = zipFile([{ name: 'good.png', bytes: picture }]);
    await writeFile(inRoot('cut.zip'), archive.subarray(0, 200));
    const { intakes } = await read(inRoot('cut.zip'));
    expect(intakes).toEqual([['cut.zip', 'refused:image.archive-damaged']]);
  });

  it('is not written over by a report', async () => {
    const path = inRoot('kept.zip');
    await writeFile(path, zipFile([{ name: 'good.png', bytes: picture }]));
    const { status, stderr } = await runFieldray('read', path, '--json', path);
    expect(status).toBe(1);
    expect(stderr).toContain('would be written over');
  });
});

describe('a DICOMDIR', () => {
  beforeAll(async () => {
    await mkdir(inRoot('cd/images'), { recursive: true });
    await writeFile(inRoot('SECRET'), dicom);
    await writeFile(inRoot('cd/DICOMDIR'), list);
    for (const name of ['first', 'second', 'unlisted']) await writeFile(inRoot('cd/images', name), dicom);
  });
  const lost = ['cd/DICOMDIR › IMAGES/LOST', 'refused:image.missing'];
  const outside = ['cd/DICOMDIR › ../SECRET', 'refused:image.missing'];

  it('gives the order of its folder and says what is missing; nothing outside is opened', async () => {
    const { intakes } = await read(inRoot('cd'));
    expect(intakes).toEqual([
      ['cd/images/second', 'read'],
      ['cd/images/first', 'read'],
      ['cd/images/unlisted', 'read'],
      lost,
      outside,
    ]);
  });

  it('named by itself reads what it lists and nothing else', async () => {
    const { intakes } = await read(inRoot('cd/DICOMDIR'));
    expect(intakes).toEqual([['cd/images/second', 'read'], ['cd/images/first', 'read'], lost, outside]);
  });

  it('in an archive gives its order', async () => {
    const archive = zipFile([
      { name: 'cd/DICOMDIR', bytes: list },
      { name: 'cd/IMAGES/FIRST', bytes: dicom },
      { name: 'cd/IMAGES/SECOND', bytes: dicom },
    ]);
    await writeFile(inRoot('cd.zip'), archive);
    const { intakes } = await read(inRoot('cd.zip'));
    expect(intakes.map(([name]) => name)).toEqual([
      'cd.zip › cd/IMAGES/SECOND',
      'cd.zip › cd/IMAGES/FIRST',
      'cd.zip › cd/IMAGES/LOST',
      'cd.zip › cd/../SECRET',
    ]);
  });

  it('that is damaged gives no order, and its folder is read all the same', async () => {
    await mkdir(inRoot('broken'));
    await copyFile(inRoot('SECRET'), inRoot('broken/a'));
    await writeFile(inRoot('broken/DICOMDIR'), list.subarray(0, 300));
    expect((await read(inRoot('broken'))).intakes).toEqual([['broken/a', 'read']]);
  });
});
