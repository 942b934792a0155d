import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { codedStream } from '../../tests/fixtures/coded-streams.ts';
import { join } from '../../tests/fixtures/dicom-builder.ts';
import { rgbOfYbr } from './colour-conversion.ts';
import { decodeImage } from './decode-image.ts';

// 16 × 12 pixels of CMYK by Pillow 9.4 at quality 80: sequential, and progressive with subsampled colours. Adobe's mark is
// there, so the inks are stored inverted.
const plain =
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAGBAUGBQQGBgUGBwcGCAoQCgoJCQoUDg8MEBcUGBgXFBYWGh0lHxobIxwWFiAsICMmJykqKRkfLTAtKD' +
  'AlKCko/8AAFAgADAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQEC' +
  'AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dX' +
  'Z3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4E' +
  'QwBNAFkASwAAPwDx/wCG3/LL8K8y/wCFbf8ATH9K8o8LeHvufJ+lfROpXfXmvqv4bf8ALL8KP+Fbf9Mf0r2Dwt4e+58n6VympXfXmvlT4bf8sv' +
  'wr60/sKw/55VQ8LWUHyfLWhqUjc819V/Db/ll+FH9hWH/PKvYPC1lB8ny1ympSNzzX/9k=';
const subsampled =
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAGBAUGBQQGBgUGBwcGCAoQCgoJCQoUDg8MEBcUGBgXFBYWGh0lHxobIxwWFiAsICMmJykqKRkfLTAtKD' +
  'AlKCko/8IAFAgADAAQBEMiAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAAGBwP/2gAOBEMATQBZAEsAAAABT6rKqroOf//EABUQAQEA' +
  'AAAAAAAAAAAAAAAAAAAF/9oACAFDAAEFApqampr/xAAWEAADAAAAAAAAAAAAAAAAAAAAAxX/2gAIAU0AAQUChqP/xAAXEAADAQAAAAAAAAAAAA' +
  'AAAAAAAgQF/9oACAFZAAEFAsuNT//EABYQAAMAAAAAAAAAAAAAAAAAAAADBP/aAAgBSwABBQKlh//EABUQAQEAAAAAAAAAAAAAAAAAAAAB/9oA' +
  'CAFDAAY/AoiI/8QAFRABAQAAAAAAAAAAAAAAAAAAAEH/2gAIAU0ABj8Cj//EABUQAQEAAAAAAAAAAAAAAAAAAAAB/9oACAFZAAY/Ao//xAAUEA' +
  'EAAAAAAAAAAAAAAAAAAAAA/9oACAFLAAY/An//xAAUEAEAAAAAAAAAAAAAAAAAAAAg/9oACAFDAAE/IQAf/8QAFhAAAwAAAAAAAAAAAAAAAAAA' +
  'AAHw/9oACAFNAAE/Iao//8QAFRABAQAAAAAAAAAAAAAAAAAAAFH/2gAIAVkAAT8hmv/EABYQAAMAAAAAAAAAAAAAAAAAAAABIf/aAAgBSwABPy' +
  'FlP//aAA4EQwBNAFkASwAAABBZ/8QAFRABAQAAAAAAAAAAAAAAAAAAAMH/2gAIAUMAAT8Qmmmm/8QAFxAAAwEAAAAAAAAAAAAAAAAAAGFx8P/a' +
  'AAgBTQABPxBuIf/EABUQAQEAAAAAAAAAAAAAAAAAAEEA/9oACAFZAAE/EFiX/8QAFRABAQAAAAAAAAAAAAAAAAAAAFH/2gAIAUsAAT8QrP/Z';

function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

async function rowsOf(file: Uint8Array): Promise<{ first: number[]; last: number[]; sum: number }> {
  const { pixels } = (await decodeImage(file, loadCodecFile)).image;
  const bytes = Array.from(pixels, (value) => Math.round(value * 255));
  return {
    first: bytes.slice(0, 16),
    last: bytes.slice(-16),
    sum: bytes.reduce((sum, value) => sum + value, 0),
  };
}

describe('JPEG files in CMYK', () => {
  it('give the grey that Pillow gives', async () => {
    expect(await rowsOf(fromBase64(plain))).toEqual({
      first: [1, 6, 12, 17, 22, 27, 32, 37, 41, 46, 50, 53, 57, 61, 64, 68],
      last: [121, 125, 127, 129, 132, 134, 135, 138, 138, 141, 141, 141, 144, 143, 143, 145],
      sum: 17179,
    });
  });

  it('give it also progressive and subsampled', async () => {
    expect(await rowsOf(fromBase64(subsampled))).toEqual({
      first: [6, 11, 16, 22, 26, 31, 35, 41, 45, 49, 53, 56, 60, 63, 67, 71],
      last: [117, 121, 125, 126, 129, 131, 132, 135, 136, 138, 139, 140, 141, 140, 143, 145],
      sum: 17187,
    });
  });

  it('are refused without the mark that tells black from white', async () => {
    const file = fromBase64(plain);
    const mark = Buffer.from(file).indexOf('Adobe');
    const without = join([file.subarray(0, mark - 4), file.subarray(mark + 12)]);
    await expect(decodeImage(without, loadCodecFile)).rejects.toMatchObject({ code: 'image.unsupported' });
  });
});

describe('other JPEG files', () => {
  it('of 12 bits are read', async () => {
    const { image, stored } = await decodeImage(codedStream('extended12'), loadCodecFile);
    expect(stored.bitsStored).toBe(12);
    expect(image.pixels[3]).toBeCloseTo(634 / 4095, 5);
  });

  it('lossless ones too, of 16 bits here', async () => {
    const { image } = await decodeImage(codedStream('losslessFirstOrder'), loadCodecFile);
    expect(image.pixels[3]).toBeCloseTo(633 / 65535, 5);
  });
});

describe('YBR_FULL', () => {
  // PS3.3 C.7.6.3.1.2: Y = 0.2990 R + 0.5870 G + 0.1140 B and so on.
  it.each([
    [
      [0, 128, 128],
      [0, 0, 0],
    ],
    [
      [255, 128, 128],
      [255, 255, 255],
    ],
    [
      [76, 85, 255],
      [254, 0, 0],
    ],
    [
      [29, 255, 107],
      [0, 0, 254],
    ],
  ])('%j is RGB %j', (ybr, rgb) => {
    expect([...rgbOfYbr(Uint8Array.from(ybr), 3, 255)]).toEqual(rgb);
  });
});
