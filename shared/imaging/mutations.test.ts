import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import {
  fragments,
  imageFile,
  join,
  rleFrame,
  sequence,
  text,
  words,
} from '../../tests/fixtures/dicom-builder.ts';
import { AppError } from '../kernel/errors.ts';
import { decodeImage } from './decode-image.ts';
import { detectFormat } from './image-format.ts';
import { encodePng } from './png-encode.ts';

// Whatever happens to a file, decodeImage keeps its promise: a picture of the stated size with values in 0 … 1, or an
// AppError with a code image.*.

const mutationsPerFile = 300;
const size = { rows: 8, columns: 8 } as const;
const values = Array.from({ length: 64 }, (_, index) => (index * 61) % 4096);
const header = [
  text(0x00100030, 'DA', '20160301'),
  text(0x00080020, 'DA', '20220301'),
  text(0x00280008, 'IS', '1'),
  text(0x00281052, 'DS', '-100'),
  text(0x00281053, 'DS', '1.5'),
  words(0x00280120, 'US', 4000),
  sequence(0x00283010, [words(0x00283002, 'US', 4, 0, 12), words(0x00283006, 'OW', 0, 819, 1638, 4095)]),
];
const rle = fragments(
  rleFrame([
    // Each a literal run: 64 bytes of one byte plane, the upper first.
    [63, ...values.map((value) => value >> 8)],
    [63, ...values.map((value) => value & 0xff)],
  ]),
);
const rleSyntax = '1.2.840.10008.1.2.5';
const windowed = [text(0x00281050, 'DS', '2000'), text(0x00281051, 'DS', '3000')];

const files: readonly (readonly [name: string, file: Uint8Array])[] = [
  ['DICOM with a VOI LUT', imageFile({ ...size, bitsStored: 12, pixels: values, extra: header })],
  [
    'DICOM with a window',
    imageFile({ ...size, signed: true, bitsStored: 13, pixels: values, extra: windowed }),
  ],
  [
    'DICOM, RLE',
    imageFile({ ...size, bitsStored: 12, transferSyntax: rleSyntax, pixels: rle, extra: header }),
  ],
  [
    'grey PNG',
    encodePng(
      8,
      8,
      Uint8Array.from({ length: 64 }, (_, index) => index),
    ),
  ],
  [
    'colour PNG',
    encodePng(
      8,
      8,
      Uint8Array.from({ length: 192 }, (_, index) => index),
      3,
    ),
  ],
];

describe.each(files)('mutations of %s', (_, file) => {
  it('give a picture or a typed refusal, and both occur', async () => {
    const count = { pictures: 0, refusals: 0 };
    for (let seed = 1; seed <= mutationsPerFile; seed += 1) {
      const mutated = withChecksums(mutate(file, seed));
      const outcome = await decodeImage(mutated, loadCodecFile).catch((thrown: unknown) => thrown);
      const problem = problemOf(outcome);
      if (problem !== undefined) expect.unreachable(`seed ${seed}: ${problem}`);
      if (outcome instanceof AppError) count.refusals += 1;
      else count.pictures += 1;
    }
    expect(count.pictures).toBeGreaterThan(mutationsPerFile / 20);
    expect(count.refusals).toBeGreaterThan(mutationsPerFile / 20);
  });
});

function problemOf(outcome: unknown): string | undefined {
  if (outcome instanceof AppError) return outcome.code.startsWith('image.') ? undefined : outcome.code;
  if (outcome instanceof Error) return `${outcome.name} ${outcome.message}`;
  const { image, stored } = outcome as Awaited<ReturnType<typeof decodeImage>>;
  const { width, height, pixels } = image;
  if (pixels.length !== width * height) return `${pixels.length} pixels of ${width} × ${height}`;
  if (width * height !== stored.columns * stored.rows) return `${width} × ${height} is not the stated size`;
  const odd = pixels.find((value) => !(value >= 0 && value <= 1));
  return odd === undefined ? undefined : `a pixel of ${odd}`;
}

/** One to four changes: a byte of any value, a flipped bit, a zero, or, seldom, an early end. */
function mutate(file: Uint8Array, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  // The 128 bytes of a DICOM preamble mean nothing.
  const from = file[0] === 0 ? 128 : 8;
  let mutated = file.slice();
  const changes = 1 + random(4);
  for (let change = 0; change < changes; change += 1) {
    const at = from + random(mutated.length - from);
    const kind = random(20);
    if (kind === 0) mutated = mutated.slice(0, Math.max(from + 1, at));
    else if (kind < 8) mutated[at] = random(256);
    else if (kind < 16) mutated[at] = (mutated[at] ?? 0) ^ (1 << random(8));
    else mutated[at] = 0;
  }
  return mutated;
}

/** Whole numbers below `limit`; the generator of Numerical Recipes, its upper bits. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Repairs the checksum of every whole chunk of a PNG, so that the damage is not found by it; DICOM stays as it is. */
function withChecksums(file: Uint8Array): Uint8Array {
  if (detectFormat(file) !== 'png') return file;
  const repaired = join([file]);
  const view = new DataView(repaired.buffer);
  for (let position = 8; position + 12 <= repaired.length;) {
    const end = position + 8 + view.getUint32(position);
    if (end + 4 > repaired.length) break;
    view.setUint32(end, crc32(repaired.subarray(position + 4, end)));
    position = end + 4;
  }
  return repaired;
}
