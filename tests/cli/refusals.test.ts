import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import { invertedFilm, turnedFilm } from '../fixtures/degrade-film.ts';
import { runFieldray } from '../fixtures/run-fieldray.ts';
import { pngOf, type WrongPicture, wrongPictures } from '../fixtures/wrong-pictures.ts';

/** Each file in one run of `npx fieldray read`, with the reason in the table and on the screen. */

let root = '';
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'fieldray-refusals-'))));
afterAll(() => rm(root, { recursive: true }));

async function readAll(folder: string, files: readonly Pick<WrongPicture, 'name' | 'bytes'>[]) {
  const paths = files.map(({ name }) => join(root, `${folder}-${name}`));
  for (const [index, { bytes }] of files.entries()) await writeFile(paths[index]!, bytes);
  const csv = join(root, `${folder}.csv`);
  const { status, stdout } = await runFieldray('read', ...paths, '--csv', csv);
  const rows = (await readFile(csv, 'utf8')).trimEnd().split('\n').slice(1);
  const said = stdout.split(/^(?=refused|read )/m);
  return {
    status,
    answers: paths.map((path) => ({
      intake: rows.find((row) => row.startsWith(`${path},`))?.split(',')[4] ?? 'no row',
      numbers:
        rows
          .find((row) => row.startsWith(`${path},`))
          ?.split(',')
          .slice(5, 12)
          .join('') ?? '',
      said: said.find((part) => part.includes(path)) ?? '',
    })),
  };
}

describe('files of the wrong kind, drawn by code', () => {
  it('are all refused with the right reason and without a number', async () => {
    const { status, answers } = await readAll('drawn', wrongPictures);
    expect(status).toBe(2);
    for (const [index, { name, intake, says }] of wrongPictures.entries()) {
      expect(answers[index]?.intake, name).toBe(intake);
      expect(answers[index]?.said, name).toContain(says);
      expect(answers[index]?.numbers, name).toBe('');
    }
  });
});

const data = resolve(import.meta.dirname, '../../../shared/data');
/** Where two are named, a file is refused as unsupported until its kind of pixels can be decoded. */
const real = [
  ['dicom/cwil/CTImage.dcm', /not-radiograph$/],
  ['dicom/pydicom-data/gdcm-US-ALOKA-16.dcm', /not-radiograph$|unsupported$/],
  ['dicom/pydicom/examples_rgb_color.dcm', /not-radiograph$/],
  ['dicom/pydicom/test-SR.dcm', /no-pixels$/],
  ['dicom/cwil/no-pixel-data.dcm', /no-pixels$/],
  ['dicom/pydicom/rtplan.dcm', /no-pixels$/],
  ['dicom/fo-dicom/GH340.dcm', /not-radiograph$|unsupported$/],
] as const;

describe.skipIf(!existsSync(data))('real files (skipped where ../shared is absent)', () => {
  it('of another kind are refused by name', async () => {
    const files = real.map(([path]) => ({
      name: path.replaceAll('/', '-'),
      bytes: readFileSync(join(data, path)),
    }));
    const { answers } = await readAll('real', files);
    for (const [index, [path, reason]] of real.entries()) {
      expect(answers[index]?.intake, path).toMatch(/^refused:image\./);
      expect(answers[index]?.intake, path).toMatch(reason);
    }
  });

  it('of a chest are refused when they are inverted or turned, and read when they are not', async () => {
    const path = join(data, 'samples/paediatric/NORMAL/IM-0033-0001.jpeg');
    const { image } = await decodeImage(readFileSync(path), loadCodecFile);
    const { answers } = await readAll('chest', [
      { name: 'whole.png', bytes: pngOf(image) },
      { name: 'inverted.png', bytes: pngOf(invertedFilm(image)) },
      ...(['left', 'right', 'upside-down'] as const).map((turn) => ({
        name: `${turn}.png`,
        bytes: pngOf(turnedFilm(image, turn)),
      })),
    ]);
    const [whole, inverted, ...turned] = answers;
    expect(whole?.intake).toMatch(/^(ok|warning)/);
    expect(inverted?.intake).toBe('refused:image.inverted');
    expect(turned.map(({ intake }) => intake)).toEqual(Array(3).fill('refused:image.rotated'));
    expect(turned[0]?.said).toContain('quarter to the left');
    expect(turned[1]?.said).toContain('quarter to the right');
    expect(turned[2]?.said).toContain('upside down');
  });
});
