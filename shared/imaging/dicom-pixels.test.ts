import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import {
  bytes,
  fragments,
  imageFile,
  rleFrame,
  text,
  words,
  type GrayOptions,
} from '../../tests/fixtures/dicom-builder.ts';
import { decodeRle } from './codecs/rle.ts';
import { openDicom } from './dicom-file.ts';
import { readStoredPixels } from './dicom-pixels.ts';

async function stored(
  options: Partial<GrayOptions> & Pick<GrayOptions, 'pixels'>,
  frame = 0,
): Promise<readonly number[]> {
  const file = imageFile({ rows: 2, columns: 2, ...options });
  const { samples } = await readStoredPixels(openDicom(file), frame, loadCodecFile);
  return Array.from(samples);
}

describe('native pixel data', () => {
  it('drops what hides above the high bit', async () => {
    expect(await stored({ bitsStored: 12, pixels: [0xf001, 0x8fff, 0x1000, 0x0800] })).toEqual([
      1, 0xfff, 0, 0x800,
    ]);
  });

  it('extends the sign from the stored bits, not from the allocated ones', async () => {
    const pixels = [0x0fff, 0x0800, 0x07ff, 0xf001];
    expect(await stored({ bitsStored: 12, signed: true, pixels })).toEqual([-1, -2048, 2047, 1]);
  });

  it('reads signed 8 bits', async () => {
    expect(await stored({ bitsAllocated: 8, signed: true, pixels: [0, -1, -128, 127] })).toEqual([
      0, -1, -128, 127,
    ]);
  });

  it.each(['implicit', 'explicit', 'big-endian'] as const)(
    'reads %s without preamble or meta header',
    async (encoding) => {
      const pixels = [1, 258, 4095, 0];
      expect(await stored({ encoding, preamble: false, meta: false, pixels })).toEqual(pixels);
    },
  );

  it('reads a deflated data set', async () => {
    const pixels = [1, 258, 4095, 0];
    expect(await stored({ deflated: true, transferSyntax: '1.2.840.10008.1.2.1.99', pixels })).toEqual(
      pixels,
    );
  });

  it('believes the bytes where the transfer syntax lies', async () => {
    expect(
      await stored({ encoding: 'implicit', transferSyntax: '1.2.840.10008.1.2.1', pixels: [1, 2, 3, 4] }),
    ).toEqual([1, 2, 3, 4]);
  });

  it('interleaves planar colour', async () => {
    const colour = { rows: 1, columns: 2, bitsAllocated: 8, samplesPerPixel: 3, photometric: 'RGB' } as const;
    const planar = words(0x00280006, 'US', 1);
    expect(await stored({ ...colour, pixels: [1, 2, 3, 4, 5, 6], extra: [planar] })).toEqual([
      1, 3, 5, 2, 4, 6,
    ]);
  });

  it('finds a later frame', async () => {
    const extra = [text(0x00280008, 'IS', '2')];
    expect(await stored({ pixels: [1, 2, 3, 4, 5, 6, 7, 8], extra }, 1)).toEqual([5, 6, 7, 8]);
  });

  it('counts the bytes', async () => {
    await expect(stored({ pixels: [1, 2, 3] })).rejects.toMatchObject({ code: 'image.truncated' });
    const whole = imageFile({ rows: 2, columns: 2, pixels: [1, 2, 3, 4] });
    const cut = openDicom(whole.subarray(0, -1));
    await expect(readStoredPixels(cut, 0, loadCodecFile)).rejects.toMatchObject({ code: 'image.truncated' });
  });

  it('keeps nothing of the input', async () => {
    const file = imageFile({ rows: 2, columns: 2, bitsAllocated: 8, pixels: [1, 2, 3, 4] });
    const { samples } = await readStoredPixels(openDicom(file), 0, loadCodecFile);
    expect(samples.buffer).not.toBe(file.buffer);
  });
});

describe('encapsulated pixel data', () => {
  // PS3.5 G.3.1: control 0…127 copies control + 1 bytes, 129…255 repeats one byte 257 − control times, 128 does nothing.
  const segment = [0xfd, 7, 128, 1, 8, 9];

  it('unpacks the bits of RLE', () => {
    expect(Array.from(decodeRle(rleFrame([segment]), 6, 1, 1))).toEqual([7, 7, 7, 7, 8, 9]);
  });

  it('puts the most significant byte plane of RLE last', () => {
    const planes = [
      [0, 0x12, 0],
      [0, 0x34, 0],
    ];
    expect(Array.from(decodeRle(rleFrame(planes), 1, 1, 2))).toEqual([0x34, 0x12]);
  });

  it.each([
    ['ends before the last pixel', rleFrame([segment]), 7, 'image.truncated'],
    ['ends inside a literal run', rleFrame([[5, 1, 2]]), 6, 'image.truncated'],
    ['has too few segments', rleFrame([]), 6, 'image.damaged'],
    ['has a cut header', new Uint8Array(20), 6, 'image.truncated'],
  ] as const)('refuses RLE that %s', (_, frame, pixels, code) => {
    expect(() => decodeRle(frame, pixels, 1, 1)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a file that ends inside a fragment', async () => {
    const whole = imageFile({
      rows: 2,
      columns: 3,
      transferSyntax: '1.2.840.10008.1.2.5',
      pixels: fragments(rleFrame([segment])),
    });
    const cut = openDicom(whole.subarray(0, -12));
    await expect(readStoredPixels(cut, 0, loadCodecFile)).rejects.toMatchObject({ code: 'image.truncated' });
  });

  it('names a transfer syntax that it cannot read', async () => {
    const transferSyntax = '1.2.840.10008.1.2.4.102';
    const refusal = stored({ transferSyntax, pixels: fragments(new Uint8Array(8)) });
    await expect(refusal).rejects.toMatchObject({
      code: 'image.unsupported',
      message: expect.stringMatching(/1\.2\.840\.10008\.1\.2\.4\.102 .*MPEG-4/),
    });
  });

  it('says when there is no picture at all', async () => {
    const empty = stored({ pixels: bytes(0x7fe00010, 'OW', new Uint8Array(0)) });
    await expect(empty).rejects.toMatchObject({ code: 'image.no-pixels' });
  });
});
