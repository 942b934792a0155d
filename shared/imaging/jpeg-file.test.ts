import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { decodeImage } from './decode-image.ts';
import { applyOrientation, readOrientation } from './exif-orientation.ts';

// Written and read back by Pillow 9.4.0 (libjpeg-turbo 2.1): 6 × 4 pixels, EXIF orientation 6 in grey, 4:2:0 colour.
const sideways =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJ' +
  'BwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAAEAAYBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG' +
  'E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip' +
  'qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AIP2mPiB4H/4I9fCD4Of8Mz/ALOPw/1z/hYlhr/9t/8ACdadd3PkfYDpXk+R' +
  '9lubbbn7bLu3b87Uxtwd3//Z';
const sidewaysLuma = [
  150, 102, 51, 0, 181, 128, 79, 32, 210, 161, 110, 59, 242, 191, 139, 89, 13, 219, 170, 121, 44, 249, 199,
  150,
];
const colour =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUK' +
  'BwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAEAAYDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL' +
  '/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1' +
  'dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQF' +
  'BgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm' +
  'Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDkPg/+xR+z' +
  '5/ZR/wCKR/5Zj+Jf/iaKKK/dPEjN82/10xn+0T+L+eXl5h4X57nf+ouC/wBqqfB/PL/M/9k=';
const colourLuma = [
  30, 36, 43, 48, 57, 62, 59, 66, 72, 78, 86, 92, 87, 94, 101, 107, 115, 121, 117, 125, 131, 137, 145, 151,
];

function fileOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

function patched(file: Uint8Array, find: readonly number[], write: readonly number[]): Uint8Array {
  const at = file.findIndex((_, index) => find.every((byte, offset) => file[index + offset] === byte));
  expect(at).toBeGreaterThan(0);
  const copy = file.slice();
  copy.set(write, at + find.length);
  return copy;
}

async function lumaOf(
  file: Uint8Array,
): Promise<{ size: readonly [number, number]; luma: readonly number[] }> {
  const { image } = await decodeImage(file, loadCodecFile);
  return {
    size: [image.width, image.height],
    luma: Array.from(image.pixels, (value) => Math.round(value * 255)),
  };
}

describe('JPEG files', () => {
  it('are turned upright as Pillow turns them', async () => {
    expect(await lumaOf(fileOf(sideways))).toEqual({ size: [4, 6], luma: sidewaysLuma });
  });

  it("give Pillow's luma of a colour picture", async () => {
    expect(await lumaOf(fileOf(colour))).toEqual({ size: [6, 4], luma: colourLuma });
  });

  it('that are cut anywhere give a typed refusal, never a picture', async () => {
    const file = fileOf(colour);
    for (let length = 3; length < file.length; length += 1) {
      await expect(
        decodeImage(file.subarray(0, length), loadCodecFile),
        `${length} bytes`,
      ).rejects.toMatchObject({
        code: expect.stringMatching(/^image\.(truncated|damaged)$/),
      });
    }
  });

  // After the frame header's marker and length: precision, height, width, number of components.
  const header = [0xff, 0xc0, 0x00, 0x11];
  it.each([
    ['of 60,000 × 60,000 pixels', [8, 0xea, 0x60, 0xea, 0x60], 'image.too-large'],
    ['without height', [8, 0, 0], 'image.damaged'],
    ['of 12 bits', [12], 'image.unsupported'],
    ['of four components', [8, 0, 4, 0, 6, 4], 'image.unsupported'],
  ] as const)('%s are refused before anything is decoded', async (_, bytes, code) => {
    const noCodec = (): never => expect.unreachable();
    await expect(decodeImage(patched(fileOf(colour), header, bytes), noCodec)).rejects.toMatchObject({
      code,
    });
  });
});

describe('EXIF orientation', () => {
  // The corners of a 3 × 2 picture tell every orientation apart; expected rows from the table of CIPA DC-008 4.6.4.
  const stored = { width: 3, height: 2, pixels: Float32Array.from([1, 2, 3, 4, 5, 6]) };
  it.each([
    [1, 3, [1, 2, 3, 4, 5, 6]],
    [2, 3, [3, 2, 1, 6, 5, 4]],
    [3, 3, [6, 5, 4, 3, 2, 1]],
    [4, 3, [4, 5, 6, 1, 2, 3]],
    [5, 2, [1, 4, 2, 5, 3, 6]],
    [6, 2, [4, 1, 5, 2, 6, 3]],
    [7, 2, [6, 3, 5, 2, 4, 1]],
    [8, 2, [3, 6, 2, 5, 1, 4]],
  ] as const)('%i', (orientation, width, pixels) => {
    const upright = applyOrientation(stored, orientation);
    expect(upright.width).toBe(width);
    expect(Array.from(upright.pixels)).toEqual(pixels);
  });

  it('is 1 where the structure is absent, cut or nonsense', () => {
    const nonsense = Uint8Array.from([
      0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 99, 0, 0,
    ]);
    expect(
      [undefined, new Uint8Array(5), new Uint8Array(40).fill(255), nonsense].map(readOrientation),
    ).toEqual([1, 1, 1, 1]);
    expect(readOrientation(nonsense.with(19, 8))).toBe(8);
  });
});
