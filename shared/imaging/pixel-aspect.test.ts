import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { imageFile, text } from '../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from './decode-image.ts';

const pixels = [0, 1000, 0, 1000];

async function sizeWith(tag: number, vr: string, value: string): Promise<string> {
  const file = imageFile({ rows: 2, columns: 2, bitsStored: 12, pixels, extra: [text(tag, vr, value)] });
  const { image } = await decodeImage(file, loadCodecFile);
  return `${image.width} × ${image.height}`;
}

describe('pixels that are not square', () => {
  it.each([
    [0x00280034, 'IS', '2\\1', '2 × 4'],
    [0x00280034, 'IS', '1\\2', '4 × 2'],
    [0x00280030, 'DS', '0.3\\0.1', '2 × 6'],
    [0x00181164, 'DS', '0.1\\0.2', '4 × 2'],
    [0x00182010, 'DS', '0.2\\0.1', '2 × 4'],
  ])('are stretched along their longer side: (%i) %s %s gives %s', async (tag, vr, value, size) => {
    expect(await sizeWith(tag, vr, value)).toBe(size);
  });

  it.each([
    [0x00280030, 'DS', '0.1430\\0.1431'],
    [0x00280034, 'IS', '0\\1'],
    [0x00280034, 'IS', '1'],
    [0x00280034, 'IS', '1000\\1'],
    [0x00280034, 'IS', 'a\\b'],
  ])('are left as they are where nothing can be known: (%i) %s %s', async (tag, vr, value) => {
    expect(await sizeWith(tag, vr, value)).toBe('2 × 2');
  });

  it('keep their grey values', async () => {
    const extra = [text(0x00280034, 'IS', '3\\1')];
    const { image } = await decodeImage(
      imageFile({ rows: 2, columns: 2, bitsStored: 12, pixels, extra }),
      loadCodecFile,
    );
    expect(Array.from(image.pixels)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  });
});
