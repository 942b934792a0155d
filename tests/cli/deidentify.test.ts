import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementsOf } from '../fixtures/deidentified.ts';
import { imageFile, text } from '../fixtures/dicom-builder.ts';
import { zipFile } from '../fixtures/zip-builder.ts';
import { runFieldray } from '../fixtures/run-fieldray.ts';

let root = '';
const inRoot = (...parts: string[]): string => join(root, ...parts);
const keyed = ['--key', ''];

function patient(name: string, id: string, instance: string, burnedIn?: string): Uint8Array {
  return imageFile({
    rows: 4,
    columns: 4,
    pixels: Array.from({ length: 16 }, (_, index) => index),
    extra: [
      text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.1'),
      text(0x00080018, 'UI', `1.2.3.${instance}`),
      text(0x00080020, 'DA', '20240229'),
      text(0x00100010, 'PN', name),
      text(0x00100020, 'LO', id),
      ...(burnedIn === undefined ? [] : [text(0x00280301, 'CS', burnedIn)]),
    ],
  });
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fieldray-deidentify-'));
  keyed[1] = inRoot('clinic.key');
  await mkdir(inRoot('in/OKELLO_GRACE'), { recursive: true });
  await writeFile(inRoot('in/OKELLO_GRACE/one.dcm'), patient('OKELLO^GRACE', '4711', '1'));
  await writeFile(inRoot('in/OKELLO_GRACE/two'), patient('OKELLO^GRACE', '4711', '2'));
  await writeFile(inRoot('in/burned.dcm'), patient('ABEL', '99', '3', 'YES'));
  await writeFile(inRoot('in/notes.txt'), 'no image');
  await writeFile(inRoot('notes.txt'), 'no key');
  await symlink(inRoot('in'), inRoot('link'));
  await symlink(inRoot('first'), inRoot('outlink'));
  await writeFile(inRoot('in/cut.dcm'), patient('CUT', '5', '4').subarray(0, 300));
  await runFieldray('deidentify', inRoot('in/burned.dcm'), inRoot('first'), ...keyed, '--new-key');
});
afterAll(() => rm(root, { recursive: true }));

describe('npx fieldray deidentify', () => {
  it('makes a key that nobody else can read, once', async () => {
    expect(await readFile(inRoot('clinic.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect((await stat(inRoot('clinic.key'))).mode & 0o777).toBe(0o600);
    const again = await runFieldray('deidentify', inRoot('in'), inRoot('never'), ...keyed, '--new-key');
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('exists already');
  });

  it('writes the files under pseudonyms, and goes on after a bad one', async () => {
    const { status, stdout } = await runFieldray('deidentify', inRoot('in'), inRoot('out'), ...keyed);
    expect(status).toBe(2);
    expect(stdout).toContain('2 written, 2 refused, 1 other file skipped');
    expect(stdout).toContain('(deidentify.burned-in)');
    expect(stdout).toContain('(deidentify.unparsable)');
    expect(stdout).toContain('2 pictures do not say that no writing is left');
    const names = await readdir(inRoot('out'));
    expect(names).toHaveLength(2);
    const files = await Promise.all(names.map((name) => readFile(inRoot('out', name))));
    const pseudonyms = files.map((file) => elementsOf(file).text(0x00100010));
    expect(new Set(pseudonyms).size).toBe(1);
    for (const name of names)
      expect(name).toMatch(/^FR-[2-9A-Z]{4}-[2-9A-Z]{4}_[2-9A-Z]{4}-[2-9A-Z]{4}\.dcm$/);
    for (const file of files) expect(file.toString('latin1')).not.toMatch(/OKELLO|GRACE|4711/);
  });

  it('writes the same again without harm, and never over another content', async () => {
    const again = await runFieldray('deidentify', inRoot('in'), inRoot('out'), ...keyed);
    expect(again.stdout).toContain('2 written');
    const other = await runFieldray('deidentify', inRoot('in'), inRoot('out'), ...keyed, '--longitudinal');
    expect(other.status).toBe(1);
    expect(other.stdout).toContain('(usage.would-overwrite)');
    expect(other.stdout).toContain('2 failed');
  });

  it('blacks out a part and keeps shifted dates', async () => {
    const options = ['--mask', '0,0,2,2', '--burned-in-checked', '--keep-dates'];
    const { status } = await runFieldray(
      'deidentify',
      inRoot('in/burned.dcm'),
      inRoot('m'),
      ...keyed,
      ...options,
    );
    expect(status).toBe(0);
    const [name = ''] = await readdir(inRoot('m'));
    const { text: textOf } = elementsOf(await readFile(inRoot('m', name)));
    expect(textOf(0x00280301)).toBe('NO');
    expect(textOf(0x00080008)).toMatch(/^DERIVED/);
    expect(textOf(0x00080020)).toMatch(/^20(1|2)\d{5}$/);
    expect(textOf(0x00080020)).not.toBe('20240229');
  });

  it.each<[string, readonly string[], string]>([
    ['no key', ['in', 'x'], '--key'],
    ['a key that is not there', ['in', 'x', '--key', 'none'], 'add --new-key'],
    ['a key that is none', ['in', 'x', '--key', 'notes.txt'], 'is no key'],
    ['an output inside the input', ['in', 'in/out', '--key', 'clinic.key'], 'lies in what is read'],
    [
      'an output inside the input through a link',
      ['in', 'link/new/out', '--key', 'clinic.key'],
      'lies in what is read',
    ],
    [
      'a key inside the output',
      ['in', 'x', '--key', 'x/clinic.key', '--new-key'],
      'lies in the folder that is written',
    ],
    [
      'a key inside the output through a link',
      ['in', 'first', '--key', 'outlink/clinic.key', '--new-key'],
      'lies in the folder that is written',
    ],
    ['a key inside the input', ['in', 'x', '--key', 'in/clinic.key', '--new-key'], 'lies in what is read'],
    ['a mask without size', ['in', 'x', '--key', 'clinic.key', '--mask', '1,2,0,4'], '--mask takes'],
    ['no output', ['in', '--key', 'clinic.key'], 'the folder to write to'],
  ])('ends with 1 for %s', async (_, args, sentence) => {
    const isPath = (arg: string): boolean => !arg.startsWith('-') && !/^\d/.test(arg);
    const { status, stderr } = await runFieldray(
      'deidentify',
      ...args.map((arg) => (isPath(arg) ? inRoot(arg) : arg)),
    );
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
  });

  it('opens a ZIP file, and refuses by name one that it cannot open', async () => {
    await mkdir(inRoot('zips'));
    const content = patient('OKELLO^GRACE', '4711', '9');
    await writeFile(inRoot('zips/study.zip'), zipFile([{ name: 'one.dcm', bytes: content }]));
    await writeFile(
      inRoot('zips/damaged.zip'),
      zipFile([{ name: 'one.dcm', bytes: content }]).subarray(0, 90),
    );
    const { status, stdout } = await runFieldray('deidentify', inRoot('zips'), inRoot('unzipped'), ...keyed);
    expect(status).toBe(2);
    expect(stdout).toContain('1 written, 1 refused');
    expect(stdout).toContain('damaged.zip');
    expect(await readdir(inRoot('unzipped'))).toHaveLength(1);
  });

  it('leaves nothing half written', async () => {
    const names = await readdir(inRoot('out'));
    expect(names.filter((name) => !/^FR-.*\.dcm$/.test(name))).toEqual([]);
  });

  it('tells how it is used', async () => {
    const { status, stdout } = await runFieldray('deidentify', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--burned-in-checked');
  });
});
