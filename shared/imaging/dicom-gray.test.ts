import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import {
  bytes,
  imageFile,
  sequence,
  text,
  words,
  type DicomElement,
  type GrayOptions,
} from '../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from './decode-image.ts';

async function shown(
  pixels: readonly number[],
  extra: readonly DicomElement[],
  change: Partial<GrayOptions> = {},
): Promise<readonly number[]> {
  const file = imageFile({ rows: 1, columns: 4, bitsStored: 12, pixels, extra, ...change });
  const { image } = await decodeImage(file, loadCodecFile);
  return Array.from(image.pixels, (value) => Math.round(value * 10_000) / 10_000);
}

const window = [
  text(0x00281050, 'DS', '50'),
  text(0x00281051, 'DS', '100'),
  text(0x00281056, 'CS', 'LINEAR_EXACT'),
];
const inverse = text(0x20500020, 'CS', 'INVERSE');
const mono1 = { photometric: 'MONOCHROME1' };

function lut(
  tag: number,
  descriptor: readonly [number, number, number],
  entries: readonly number[],
): DicomElement {
  return sequence(tag, [words(0x00283002, 'US', ...descriptor), words(0x00283006, 'OW', ...entries)]);
}

describe('from stored values to grey', () => {
  it('shows the full range where the file states no window', async () => {
    expect(await shown([100, 200, 150, 300], [])).toEqual([0, 0.5, 0.25, 1]);
  });

  it('applies slope and intercept before the window', async () => {
    const rescale = [text(0x00281053, 'DS', '2'), text(0x00281052, 'DS', '-100')];
    expect(await shown([50, 75, 100, 0], [...rescale, ...window])).toEqual([0, 0.5, 1, 0]);
  });

  it('takes the first of several windows', async () => {
    const several = [
      text(0x00281050, 'DS', '50\\500'),
      text(0x00281051, 'DS', '100\\10'),
      text(0x00281056, 'CS', 'LINEAR_EXACT'),
    ];
    expect(await shown([0, 25, 50, 100], several)).toEqual([0, 0.25, 0.5, 1]);
  });

  it('prefers the VOI LUT Sequence to a window, and feeds it from the modality LUT', async () => {
    const modality = lut(0x00283000, [4, 0, 16], [10, 11, 12, 13]);
    const voi = lut(0x00283010, [4, 10, 8], [0, 51, 102, 255]);
    expect(await shown([0, 1, 2, 3], [modality, voi, ...window])).toEqual([0, 0.2, 0.4, 1]);
  });

  it('ignores a window of width 0', async () => {
    const broken = [text(0x00281050, 'DS', '50'), text(0x00281051, 'DS', '0')];
    expect(await shown([0, 1, 2, 4], broken)).toEqual([0, 0.25, 0.5, 1]);
  });

  it.each([
    ['MONOCHROME1', mono1, []],
    ['Presentation LUT Shape INVERSE', {}, [inverse]],
    ['both', mono1, [inverse]],
  ] as const)('inverts once for %s', async (_, change, extra) => {
    expect(await shown([0, 25, 50, 100], [...window, ...extra], change)).toEqual([1, 0.75, 0.5, 0]);
  });

  it.each([
    ['MONOCHROME2', {}],
    ['MONOCHROME1', mono1],
  ] as const)('keeps padding black and out of the range, %s', async (_, change) => {
    const padding = [words(0x00280120, 'US', 4000), words(0x00280121, 'US', 4095)];
    const [first, second, ...padded] = await shown([100, 200, 4000, 4095], padding, change);
    expect(new Set([first, second])).toEqual(new Set([0, 1]));
    expect(padded).toEqual([0, 0]);
  });

  it('reads negative padding of signed pixels', async () => {
    const padding = words(0x00280120, 'SS', -2000);
    expect(await shown([-2000, 0, 50, 100], [padding], { signed: true, bitsStored: 16 })).toEqual([
      0, 0, 0.5, 1,
    ]);
  });
});

describe('a lookup table that contradicts itself', () => {
  const packed = (descriptor: readonly [number, number, number], data: readonly number[]): DicomElement =>
    sequence(0x00283010, [
      words(0x00283002, 'US', ...descriptor),
      bytes(0x00283006, 'OW', Uint8Array.from(data)),
    ]);

  it('of 16 bits that is cut by one entry is refused, not read as packed bytes', async () => {
    const cut = lut(0x00283010, [4, 0, 16], [0, 20_000, 40_000]);
    await expect(shown([0, 1, 2, 3], [cut])).rejects.toMatchObject({ code: 'image.truncated' });
  });

  it('of 16 bits with one byte an entry is refused', async () => {
    await expect(shown([0, 1, 2, 3], [packed([4, 0, 16], [0, 51, 102, 255])])).rejects.toMatchObject({
      code: 'image.truncated',
    });
  });

  it('of 8 bits is packed only where the length says so', async () => {
    expect(await shown([0, 1, 2, 3], [packed([4, 0, 8], [0, 51, 102, 255])])).toEqual([0, 0.2, 0.4, 1]);
    expect(await shown([0, 1, 2, 2], [packed([3, 0, 8], [0, 51, 255, 0])])).toEqual([0, 0.2, 1, 1]);
    for (const data of [
      [0, 51],
      [0, 51, 102, 153, 204, 255],
    ])
      await expect(shown([0, 1, 2, 3], [packed([4, 0, 8], data)])).rejects.toMatchObject({
        code: 'image.truncated',
      });
  });

  it.each([0, 7, 17, 99])('of %i bits an entry is refused', async (bits) => {
    const table = lut(0x00283010, [4, 0, bits], [0, 0, 0, 1]);
    await expect(shown([0, 1, 2, 3], [table])).rejects.toMatchObject({ code: 'image.damaged' });
  });

  it('is refused where an entry is whiter than white', async () => {
    expect(await shown([0, 1, 2, 3], [lut(0x00283010, [4, 0, 12], [0, 819, 1638, 4095])])).toEqual([
      0, 0.2, 0.4, 1,
    ]);
    await expect(
      shown([0, 1, 2, 3], [lut(0x00283010, [4, 0, 12], [0, 819, 1638, 4096])]),
    ).rejects.toMatchObject({ code: 'image.damaged' });
  });
});

it('refuses a rescale slope that leaves the numbers, instead of a picture of NaN', async () => {
  await expect(shown([0, 1, 2, 4095], [text(0x00281053, 'DS', '1e308')])).rejects.toMatchObject({
    code: 'image.damaged',
  });
});

describe('photometric interpretation', () => {
  it.each(['monochrome1', ' MONOCHROME1', 'Monochrome1 '])('%j is inverted', async (photometric) => {
    expect(await shown([0, 25, 50, 100], window, { photometric })).toEqual([1, 0.75, 0.5, 0]);
  });

  it.each(['FOO', 'RGB', 'YBR_FULL', 'YBR_FULL_422', 'CMYK', 'CONSTRUCTOR'])(
    '%s of one sample is refused, not read as MONOCHROME2',
    async (photometric) => {
      await expect(shown([0, 25, 50, 100], [], { photometric })).rejects.toMatchObject({
        code: 'image.unsupported',
      });
    },
  );

  it.each(['MONOCHROME2', 'PALETTE COLOR'])('%s of three samples is refused', async (photometric) => {
    const colour = { columns: 1, bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, photometric } as const;
    await expect(shown([1, 2, 3], [], colour)).rejects.toMatchObject({ code: 'image.unsupported' });
  });
});

describe('from colour to grey', () => {
  const colour = { columns: 2, bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3 } as const;

  it('weighs RGB as ITU-R 601 does', async () => {
    const gray = await shown([255, 0, 0, 0, 255, 0], [], { ...colour, photometric: 'RGB' });
    expect(gray).toEqual([76 / 255, 150 / 255].map((value) => Math.round(value * 10_000) / 10_000));
  });

  it('takes Y of YBR_FULL', async () => {
    expect(await shown([51, 9, 9, 255, 200, 1], [], { ...colour, photometric: 'YBR_FULL' })).toEqual([
      0.2, 1,
    ]);
  });

  it('expands YBR_FULL_422: two Y share one Cb and one Cr', async () => {
    expect(await shown([51, 102, 9, 9], [], { ...colour, photometric: 'YBR_FULL_422' })).toEqual([0.2, 0.4]);
  });

  it('keeps a palette whose channels have different bits within white', async () => {
    const tables = [0x1101, 0x1102, 0x1103].flatMap((element, index) => [
      words(0x00280000 + element, 'US', 2, 0, index === 0 ? 8 : 16),
      words(0x00280100 + element, 'OW', 0, index === 0 ? 255 : 65_535),
    ]);
    const change = { columns: 2, bitsAllocated: 8, bitsStored: 8, photometric: 'PALETTE COLOR' } as const;
    expect(await shown([0, 1], tables, change)).toEqual([0, 1]);
  });

  it('looks up PALETTE COLOR', async () => {
    const tables = [0x1101, 0x1102, 0x1103].flatMap((element, index) => [
      words(0x00280000 + element, 'US', 2, 0, 8),
      bytes(0x00280100 + element, 'OW', Uint8Array.from([0, index === 0 ? 255 : 0])),
    ]);
    const change = { columns: 2, bitsAllocated: 8, bitsStored: 8, photometric: 'PALETTE COLOR' } as const;
    expect(await shown([0, 1], tables, change)).toEqual([0, 0.299]);
  });
});

describe('fractions', () => {
  it('that are no numbers are black and do not stretch the range', async () => {
    const values = Float32Array.of(Number.NaN, 1, 3, Infinity);
    const file = imageFile({
      rows: 1,
      columns: 4,
      bitsStored: 12,
      pixels: bytes(0x7fe00008, 'OF', new Uint8Array(values.buffer)),
      extra: [words(0x00280100, 'US', 32)],
    });
    const { image } = await decodeImage(file, loadCodecFile);
    expect(Array.from(image.pixels)).toEqual([0, 0, 1, 1]);
  });
});
