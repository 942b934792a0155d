import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { bytes, imageFile, words } from '../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from './decode-image.ts';

const one = { rows: 1, columns: 1, bitsAllocated: 8 } as const;

async function chromaOfPixel(photometric: string, ...pixels: number[]): Promise<number> {
  const samplesPerPixel = pixels.length;
  return (await decodeImage(imageFile({ ...one, photometric, samplesPerPixel, pixels }), loadCodecFile))
    .chroma;
}

describe('how colourful a picture is', () => {
  it('is the distance of its colours from grey, stored as RGB or as YBR', async () => {
    expect(await chromaOfPixel('RGB', 200, 200, 200)).toBe(0);
    expect(await chromaOfPixel('YBR_FULL', 200, 128, 128)).toBe(0);
    expect(await chromaOfPixel('RGB', 255, 0, 0)).toBe(1);
    // Red of BT.601.
    expect(await chromaOfPixel('YBR_FULL', 76, 85, 255)).toBeGreaterThan(0.95);
  });

  it.each([
    [[200, 200, 200], 0],
    [[255, 0, 0], 1],
  ])('is that of the palette %j', async ([red = 0, green = 0, blue = 0], chroma) => {
    const table = (tag: number, value: number) => [
      words(tag, 'US', 1, 0, 8),
      bytes(tag + 0x100, 'OW', Uint8Array.of(value, 0)),
    ];
    const extra = [...table(0x00281101, red), ...table(0x00281102, green), ...table(0x00281103, blue)];
    const file = imageFile({ ...one, photometric: 'PALETTE COLOR', pixels: [0], extra });
    expect((await decodeImage(file, loadCodecFile)).chroma).toBe(chroma);
  });
});
