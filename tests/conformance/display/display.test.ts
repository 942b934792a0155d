import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { decodeImage } from '../../../shared/imaging/decode-image.ts';
import {
  type DicomElement,
  type GrayOptions,
  imageFile,
  sequence,
  text,
  words,
} from '../../fixtures/dicom-builder.ts';
import { compareLevels } from './compare-levels.ts';
import { renderByDcmtk } from './dcmtk-rendering.ts';

/** Files made for one rule each, as DCMTK shows them. */

const hasDcmtk = spawnSync('dcmj2pnm', ['--version']).status === 0;
const side = 64;
const ramp = Array.from({ length: side * side }, (_, index) => index);
const base: GrayOptions = { rows: side, columns: side, bitsStored: 12, pixels: ramp };

const windowed = (center: string, width: string, shape?: string): DicomElement[] => [
  text(0x00281050, 'DS', center),
  text(0x00281051, 'DS', width),
  ...(shape === undefined ? [] : [text(0x00281056, 'CS', shape)]),
];
const rescale = (slope: string, intercept: string): DicomElement[] => [
  text(0x00281053, 'DS', slope),
  text(0x00281052, 'DS', intercept),
];
const table = (tag: number, first: number, bits: number, entries: readonly number[]): DicomElement =>
  sequence(tag, [words(0x00283002, 'US', entries.length, first, bits), words(0x00283006, 'OW', ...entries)]);
const curve = (length: number, white: number): number[] =>
  Array.from({ length }, (_, index) => Math.round(white * Math.sqrt(index / (length - 1))));
const signedRamp = ramp.map((value) => value - 2048);
const inverse = text(0x20500020, 'CS', 'INVERSE');

const cases: readonly (readonly [string, 'window' | 'table', GrayOptions])[] = [
  ['a window', 'window', { ...base, extra: windowed('2000', '1000') }],
  ['a window of odd figures', 'window', { ...base, extra: windowed('1234.5', '777.25') }],
  ['a narrow window', 'window', { ...base, extra: windowed('2000', '2') }],
  ['the first of two windows', 'window', { ...base, extra: windowed('1000\\3000', '500\\50') }],
  ['MONOCHROME1', 'window', { ...base, photometric: 'MONOCHROME1', extra: windowed('2000', '1000') }],
  ['an inverse presentation LUT', 'window', { ...base, extra: [...windowed('2000', '1000'), inverse] }],
  ['SIGMOID', 'window', { ...base, extra: windowed('2000', '1000', 'SIGMOID') }],
  [
    'slope and intercept',
    'window',
    { ...base, extra: [...rescale('0.5', '-1024'), ...windowed('-20', '700')] },
  ],
  ['signed values', 'window', { ...base, signed: true, pixels: signedRamp, extra: windowed('-100', '1500') }],
  ['a VOI LUT of 8 bits', 'table', { ...base, extra: [table(0x00283010, 0, 8, curve(4096, 255))] }],
  ['a VOI LUT of 12 bits', 'table', { ...base, extra: [table(0x00283010, 0, 12, curve(4096, 4095))] }],
  ['a VOI LUT of 16 bits', 'table', { ...base, extra: [table(0x00283010, 500, 16, curve(3000, 65_535))] }],
  [
    'a VOI LUT before a window',
    'table',
    { ...base, extra: [table(0x00283010, 500, 16, curve(3000, 65_535)), ...windowed('10', '10')] },
  ],
  [
    'a modality LUT and a window',
    'window',
    { ...base, extra: [table(0x00283000, 0, 16, curve(4096, 10_000)), ...windowed('6000', '5000')] },
  ],
  [
    'a modality LUT and a VOI LUT',
    'table',
    {
      ...base,
      extra: [table(0x00283000, 0, 16, curve(4096, 1000)), table(0x00283010, 100, 10, curve(800, 1023))],
    },
  ],
  [
    'an inverted VOI LUT',
    'table',
    { ...base, photometric: 'MONOCHROME1', extra: [table(0x00283010, 0, 12, curve(4096, 4095))] },
  ],
];

describe.skipIf(!hasDcmtk)(`display${hasDcmtk ? '' : ', skipped: DCMTK is not installed'}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-display-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(cases)('of %s is that of DCMTK', async (_, voi, options) => {
    const bytes = imageFile(options);
    const path = join(folder, 'picture.dcm');
    await writeFile(path, bytes);
    const reference = await renderByDcmtk(path, '1.2.840.10008.1.2.1', voi);
    if (typeof reference === 'string') throw new Error(reference);
    const { image } = await decodeImage(bytes, loadCodecFile);
    const difference = compareLevels(image, reference, () => false);
    expect(difference).toMatchObject({ passed: true, within: 1 });
    // A picture of one grey level would agree with anything.
    expect(new Set(reference.levels).size).toBeGreaterThan(1);
  });
});
