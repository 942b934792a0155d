import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { imageFile, text } from '../../tests/fixtures/dicom-builder.ts';
import { shownPicture } from './shown-picture.ts';

const twoFrames = imageFile({
  rows: 1,
  columns: 2,
  pixels: [0, 10, 20, 40],
  extra: [text(0x00280008, 'IS', '2'), text(0x00181164, 'DS', '0.2\\0.1')],
});

describe('a shown picture', () => {
  it('says how large it is with square pixels, how many frames there are and what its values are', async () => {
    const { info } = await shownPicture(twoFrames, 0, loadCodecFile);
    expect(info).toEqual({
      width: 2,
      height: 2,
      frames: 2,
      spacing: { rowMm: 0.1, columnMm: 0.1, source: 'detector' },
      range: { low: 0, high: 10 },
      shown: { low: 0, high: 10 },
    });
  });

  it('is the frame that was asked for', async () => {
    const { info, values } = await shownPicture(twoFrames, 1, loadCodecFile);
    expect(info.range).toEqual({ low: 20, high: 40 });
    expect(Array.from(values.samples)).toEqual([20, 40, 20, 40]);
    await expect(shownPicture(twoFrames, 2, loadCodecFile)).rejects.toMatchObject({
      code: 'image.no-such-frame',
    });
  });

  it('offers no window where all pixels are equal', async () => {
    const flat = imageFile({ rows: 1, columns: 2, pixels: [7, 7] });
    expect((await shownPicture(flat, 0, loadCodecFile)).info.range).toBeUndefined();
  });
});
