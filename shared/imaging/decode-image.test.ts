import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { dicomFile, imageFile, text, words } from '../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from './decode-image.ts';
import { detectFormat } from './image-format.ts';

const colour = { columns: 1, rows: 1, pixels: [1, 2, 3], samplesPerPixel: 3, photometric: 'RGB' } as const;
const small = { rows: 2, columns: 2, pixels: [1, 2, 3, 4] } as const;

describe('detectFormat', () => {
  it.each(['implicit', 'explicit', 'big-endian'] as const)(
    'knows %s DICOM with and without preamble',
    (encoding) => {
      expect(detectFormat(imageFile({ ...small, encoding }))).toBe('dicom');
      expect(detectFormat(imageFile({ ...small, encoding, preamble: false }))).toBe('dicom');
      expect(detectFormat(imageFile({ ...small, encoding, preamble: false, meta: false }))).toBe('dicom');
    },
  );

  it('goes by content', () => {
    expect(detectFormat(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))).toBe('png');
    expect(detectFormat(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]))).toBe('jpeg');
  });

  it.each([
    'patient,label\n1,NORMAL\n',
    '%PDF-1.7\n',
    'PK\u0003\u0004zip',
    '\u0000\u0000\u0000\u0018ftypheic',
    '',
  ])('does not know %j', (content) => {
    expect(detectFormat(new TextEncoder().encode(content))).toBeUndefined();
  });
});

describe('decodeImage', () => {
  it('describes what it read', async () => {
    const { image, ...rest } = await decodeImage(imageFile({ ...small, bitsStored: 12 }), loadCodecFile);
    expect(image).toMatchObject({ width: 2, height: 2 });
    expect(rest).toMatchObject({
      format: 'dicom',
      warnings: [],
      stored: {
        rows: 2,
        columns: 2,
        bitsStored: 12,
        signed: false,
        frames: 1,
        transferSyntax: '1.2.840.10008.1.2.1',
      },
      header: { modality: 'DX', inverted: false },
    });
  });

  it('shows the first of several frames and says so', async () => {
    const file = imageFile({
      ...small,
      pixels: [0, 1, 2, 4, 9, 9, 9, 9],
      extra: [text(0x00280008, 'IS', '2')],
    });
    const { image, warnings } = await decodeImage(file, loadCodecFile);
    expect(Array.from(image.pixels)).toEqual([0, 0.25, 0.5, 1]);
    expect(warnings.map(({ code }) => code)).toEqual(['image.first-frame-only']);
  });

  it('shows the frame that is asked for, and says when there is none', async () => {
    const file = imageFile({
      ...small,
      pixels: [0, 1, 2, 4, 8, 9, 10, 12],
      extra: [text(0x00280008, 'IS', '2')],
    });
    const { image } = await decodeImage(file, loadCodecFile, { frame: 1 });
    expect(Array.from(image.pixels)).toEqual([0, 0.25, 0.5, 1]);
    for (const frame of [2, -1, 0.5, Number.NaN]) {
      await expect(decodeImage(file, loadCodecFile, { frame })).rejects.toMatchObject({
        code: 'image.no-such-frame',
      });
    }
  });

  it.each(['abc', '0', '-3'])('takes %s frames for one, without a warning', async (frames) => {
    const file = imageFile({ ...small, extra: [text(0x00280008, 'IS', frames)] });
    const { stored, warnings } = await decodeImage(file, loadCodecFile);
    expect(stored.frames).toBe(1);
    expect(warnings).toEqual([]);
  });

  it('reads a file with one pixel spacing instead of two; a TypeError of dicom-parser once', async () => {
    const { image } = await decodeImage(
      imageFile({ ...small, extra: [text(0x00280030, 'DS', '0.2')] }),
      loadCodecFile,
    );
    expect(image).toMatchObject({ width: 2, height: 2 });
  });

  it('says that a data set which ends inside an element is cut', async () => {
    const cut = dicomFile([text(0x00080060, 'CS', 'DX')]).subarray(0, -1);
    await expect(decodeImage(cut, loadCodecFile)).rejects.toMatchObject({
      name: 'AppError',
      code: 'image.truncated',
    });
  });

  const preambleOnly = imageFile(small).slice(0, 132);
  it.each([
    ['an empty file', new Uint8Array(0), 'image.empty'],
    ['a text file', new TextEncoder().encode('patient,label\n'), 'image.unknown-format'],
    ['a preamble alone', preambleOnly, 'image.truncated'],
    ['a header without picture', dicomFile([text(0x00080060, 'CS', 'SR')]), 'image.no-pixels'],
    ['60,000 × 60,000 pixels', imageFile({ ...small, rows: 60_000, columns: 60_000 }), 'image.too-large'],
    ['no rows', imageFile({ ...small, rows: 0 }), 'image.damaged'],
    ['more bits stored than allocated', imageFile({ ...small, bitsStored: 17 }), 'image.unsupported'],
    ['signed colour', imageFile({ ...small, ...colour, signed: true }), 'image.unsupported'],
    [
      'colour of one bit',
      imageFile({ ...small, ...colour, extra: [words(0x00280100, 'US', 1), words(0x00280101, 'US', 1)] }),
      'image.unsupported',
    ],
    [
      'an unknown colour model',
      imageFile({ ...small, columns: 1, rows: 1, pixels: [1, 2, 3], samplesPerPixel: 3, photometric: 'HSV' }),
      'image.unsupported',
    ],
  ])('refuses %s', async (_, file, code) => {
    await expect(decodeImage(file, loadCodecFile)).rejects.toMatchObject({ name: 'AppError', code });
  });

  it('refuses a DICOM file that is cut anywhere, with a type', async () => {
    const file = imageFile({ ...small, extra: [words(0x00280120, 'US', 7)] });
    for (let length = 132; length < file.length; length += 1) {
      const cut = decodeImage(file.subarray(0, length), loadCodecFile);
      await expect(cut, `${length} bytes`).rejects.toMatchObject({
        code: expect.stringMatching(/^image\.(truncated|damaged|no-pixels)$/),
      });
    }
  });

  it('leaves its input as it was', async () => {
    const file = imageFile(small);
    const before = file.slice();
    await decodeImage(file, loadCodecFile);
    expect(file).toEqual(before);
  });
});
