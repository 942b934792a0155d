import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { codedStream, codedValues } from '../../tests/fixtures/coded-streams.ts';
import {
  bytes,
  dicomFile,
  fragments,
  imageFile,
  join,
  sequence,
  text,
  words,
} from '../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from './decode-image.ts';
import { openDicom } from './dicom-file.ts';
import { readStoredPixels } from './dicom-pixels.ts';

const small = { rows: 2, columns: 2, pixels: [1, 2, 3, 4] } as const;

async function samplesOf(file: Uint8Array, frame = 0): Promise<number[]> {
  const { samples } = await readStoredPixels(openDicom(file), frame, loadCodecFile);
  return Array.from(samples);
}

/** An element as it lies in an explicit little-endian data set, by its bytes. */
function raw(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** A data set with `element` at its start, before the picture. */
function withRaw(element: Uint8Array): Uint8Array {
  const meta = dicomFile([]);
  const picture = imageFile({ ...small, preamble: false, meta: false });
  return join([meta, raw('0800 0500 4353 0200 4120'), element, picture]);
}

const icon = sequence(0x00880200, [
  words(0x00280010, 'US', 1),
  words(0x00280011, 'US', 1),
  words(0x7fe00010, 'OW', 99),
]);

describe('elements of files in the wild', () => {
  it.each([
    ['an implicit element in an explicit data set', '0800 1800 04000000 312e3200'],
    ['a VR of two blanks', '0800 1800 2020 0400 312e3200'],
    ['a VR of question marks', '0800 1800 3f3f 0400 312e3200'],
    [
      'a private sequence of undefined length',
      '0900 0110 5351 0000 ffffffff feff00e0 00000000 feffdde0 00000000',
    ],
    [
      'UN of undefined length with implicit items',
      '0900 0210 554e 0000 ffffffff feff00e0 ffffffff 0800 5011 04000000 312e3200 feff0de0 00000000 feffdde0 00000000',
    ],
    [
      'an explicit sequence with an implicit item',
      '0800 1511 5351 0000 14000000 feff00e0 0c000000 2000 0e00 04000000 312e3200',
    ],
    [
      'private bytes of undefined length in fragments',
      '0900 0310 4f42 0000 ffffffff feff00e0 04000000 01020304 feffdde0 00000000',
    ],
  ])('%s does not hide the picture', async (_, element) => {
    expect(await samplesOf(withRaw(raw(element)))).toEqual([1, 2, 3, 4]);
  });

  it('an icon is not the picture, whether before it or alone', async () => {
    expect(await samplesOf(imageFile({ ...small, extra: [icon] }))).toEqual([1, 2, 3, 4]);
    const alone = dicomFile([words(0x00280010, 'US', 1), words(0x00280011, 'US', 1), icon]);
    await expect(samplesOf(alone)).rejects.toMatchObject({ code: 'image.no-pixels' });
  });

  it('an icon of compressed pixels is passed over', async () => {
    const coded = sequence(0x00880200, [words(0x00280010, 'US', 12), fragments(codedStream('baseline'))]);
    expect(await samplesOf(imageFile({ ...small, extra: [coded] }))).toEqual([1, 2, 3, 4]);
  });

  it('an element that is there twice counts once, and is damage where the two would show different pictures', async () => {
    const again = (photometric: string): Uint8Array =>
      withRaw(raw(`2800 0400 4353 0c00 ${Buffer.from(photometric.padEnd(12)).toString('hex')}`));
    expect((await decodeImage(again('MONOCHROME2'), loadCodecFile)).header?.inverted).toBe(false);
    await expect(decodeImage(again('MONOCHROME1'), loadCodecFile)).rejects.toMatchObject({
      code: 'image.damaged',
    });
  });

  it('a length beyond the end is a cut file', async () => {
    const file = withRaw(raw('0900 0110 4c4f ff7f'));
    expect(() => openDicom(file)).toThrow(expect.objectContaining({ code: 'image.truncated' }));
  });

  it('a sequence of stated length that holds no items is passed over', async () => {
    const file = withRaw(raw('0800 1511 5351 0000 08000000 0102030405060708'));
    expect(await samplesOf(file)).toEqual([1, 2, 3, 4]);
  });

  it('a sequence of undefined length that holds no items is damage, and so is a VOI LUT', () => {
    const open = withRaw(raw('0800 1511 5351 0000 ffffffff 0102030405060708'));
    expect(() => openDicom(open)).toThrow(expect.objectContaining({ code: 'image.damaged' }));
    const file = withRaw(raw('2800 1030 5351 0000 08000000 0102030405060708'));
    expect(() => openDicom(file)).toThrow(expect.objectContaining({ code: 'image.damaged' }));
  });

  it('pixels are found behind a transfer syntax that is not theirs', async () => {
    const stream = codedStream('losslessFirstOrder');
    for (const transferSyntax of [
      '1.2.840.10008.1.2.4.50',
      '1.2.840.10008.1.2.4.90',
      '1.2.840.10008.1.2.1',
    ]) {
      const file = imageFile({
        rows: 12,
        columns: 16,
        bitsStored: 12,
        transferSyntax,
        pixels: fragments(stream),
      });
      expect(await samplesOf(file)).toEqual(codedValues);
    }
  });
});

describe('samples of every width', () => {
  it('32 bits, unsigned and signed', async () => {
    const values = Uint8Array.from([0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0]);
    const wide = [words(0x00280100, 'US', 32), words(0x00280101, 'US', 32), words(0x00280102, 'US', 31)];
    const options = { rows: 1, columns: 2, pixels: bytes(0x7fe00010, 'OW', values), extra: wide };
    expect(await samplesOf(imageFile(options))).toEqual([4_294_967_295, 1]);
    expect(await samplesOf(imageFile({ ...options, signed: true }))).toEqual([-1, 1]);
  });

  it('12 bits packed, the first in the lowest bits', async () => {
    const packed = [words(0x00280100, 'US', 12), words(0x00280101, 'US', 12), words(0x00280102, 'US', 11)];
    const pixels = bytes(0x7fe00010, 'OW', Uint8Array.from([0x23, 0x61, 0x45, 0]));
    expect(await samplesOf(imageFile({ rows: 1, columns: 2, pixels, extra: packed }))).toEqual([
      0x123, 0x456,
    ]);
  });

  it('one bit, frames without padding between them', async () => {
    const bit = [
      words(0x00280100, 'US', 1),
      words(0x00280101, 'US', 1),
      words(0x00280102, 'US', 0),
      text(0x00280008, 'IS', '2'),
    ];
    const pixels = bytes(0x7fe00010, 'OB', Uint8Array.from([0b101_011]));
    const file = imageFile({ rows: 1, columns: 3, pixels, extra: bit });
    expect([await samplesOf(file, 0), await samplesOf(file, 1)]).toEqual([
      [1, 1, 0],
      [1, 0, 1],
    ]);
  });

  it('a high bit below the top of the word, with an overlay above and rubbish below', async () => {
    const shifted = [words(0x00280101, 'US', 10), words(0x00280102, 'US', 11)];
    const file = imageFile({ rows: 1, columns: 2, pixels: [0xf003 | (513 << 2), 4 << 2], extra: shifted });
    expect(await samplesOf(file)).toEqual([513, 4]);
  });

  it('floats and doubles, in either byte order', async () => {
    const floats = Float32Array.from([0.5, -2, 1e9, 0]);
    const pixels = bytes(0x7fe00008, 'OF', new Uint8Array(floats.buffer));
    expect(await samplesOf(imageFile({ ...small, pixels }))).toEqual([...floats]);
    const turned = new DataView(new ArrayBuffer(32));
    for (const [index, value] of [0.1, -2, 1e99, 0].entries()) turned.setFloat64(8 * index, value);
    const doubles = bytes(0x7fe00009, 'OD', new Uint8Array(turned.buffer));
    const transferSyntax = '1.2.840.10008.1.2.2';
    const file = imageFile({ ...small, encoding: 'big-endian', transferSyntax, pixels: doubles });
    expect(await samplesOf(file)).toEqual([0.1, -2, 1e99, 0]);
  });

  it('bytes in big-endian words are turned round, bytes in bytes are not', async () => {
    const options = {
      rows: 1,
      columns: 4,
      bitsAllocated: 8,
      encoding: 'big-endian',
      transferSyntax: '1.2.840.10008.1.2.2',
    } as const;
    const stored = Uint8Array.from([1, 2, 3, 4]);
    const asWords = imageFile({ ...options, pixels: bytes(0x7fe00010, 'OW', stored) });
    const asBytes = imageFile({ ...options, pixels: bytes(0x7fe00010, 'OB', stored) });
    expect([await samplesOf(asWords), await samplesOf(asBytes)]).toEqual([
      [2, 1, 4, 3],
      [1, 2, 3, 4],
    ]);
  });

  it('are the same from a Buffer of Node, which keeps its bytes', async () => {
    const options = {
      bitsAllocated: 8,
      encoding: 'big-endian',
      transferSyntax: '1.2.840.10008.1.2.2',
    } as const;
    const pixels = bytes(0x7fe00010, 'OW', Uint8Array.from([1, 2, 3, 4]));
    const file = imageFile({ rows: 1, columns: 4, pixels, ...options });
    const buffer = Buffer.from(file);
    expect(await samplesOf(buffer)).toEqual([2, 1, 4, 3]);
    expect(buffer.equals(file)).toBe(true);
  });

  it('YBR_FULL_422 with two samples a pixel, and with three all the same', async () => {
    const options = {
      rows: 1,
      columns: 2,
      bitsAllocated: 8,
      samplesPerPixel: 3,
      photometric: 'YBR_FULL_422',
    } as const;
    expect(await samplesOf(imageFile({ ...options, pixels: [10, 20, 128, 130] }))).toEqual([
      10, 128, 130, 20, 128, 130,
    ]);
    const full = [10, 128, 130, 20, 129, 131];
    expect(await samplesOf(imageFile({ ...options, pixels: full }))).toEqual(full);
  });
});

describe('frames', () => {
  const stream = codedStream('jpegLs');
  const two = [text(0x00280008, 'IS', '2')];
  const options = {
    rows: 12,
    columns: 16,
    bitsStored: 12,
    transferSyntax: '1.2.840.10008.1.2.4.80',
    extra: two,
  };

  function withTable(offsets: readonly number[], ...parts: readonly Uint8Array[]): Uint8Array {
    const table = new Uint8Array(Uint32Array.from(offsets).buffer);
    const pixels = {
      tag: 0x7fe00010,
      vr: 'OB',
      value: { kind: 'fragments' as const, fragments: [table, ...parts] },
    };
    return imageFile({ ...options, pixels });
  }

  it('of several fragments are found by the offset table', async () => {
    const parts = [
      stream.subarray(0, 100),
      stream.subarray(100),
      stream.subarray(0, 60),
      stream.subarray(60),
    ];
    const second = 8 + 100 + 8 + 2 * Math.ceil((stream.length - 100) / 2);
    expect(await samplesOf(withTable([0, second], ...parts), 1)).toEqual(codedValues);
  });

  it('are found by their beginnings where the table is missing or wrong', async () => {
    const parts = [
      stream.subarray(0, 100),
      stream.subarray(100),
      stream.subarray(0, 60),
      stream.subarray(60),
    ];
    expect(await samplesOf(withTable([], ...parts), 1)).toEqual(codedValues);
    expect(await samplesOf(withTable([0, 17], ...parts), 1)).toEqual(codedValues);
  });

  it('beyond the last one do not exist', async () => {
    const file = imageFile({ ...small, pixels: [1, 2, 3, 4, 5, 6, 7, 8], extra: two });
    expect((await decodeImage(file, loadCodecFile, { frame: 1 })).stored.frames).toBe(2);
    for (const frame of [2, -1, 0.5])
      await expect(decodeImage(file, loadCodecFile, { frame })).rejects.toMatchObject({
        code: 'image.no-such-frame',
      });
    await expect(decodeImage(codedStream('baseline'), loadCodecFile, { frame: 1 })).rejects.toMatchObject({
      code: 'image.no-such-frame',
    });
  });

  it('that are smaller than the header says lie at the top left, with a warning', async () => {
    const file = imageFile({ ...options, columns: 20, rows: 13, pixels: fragments(stream, stream) });
    const { stored, warnings, image } = await decodeImage(file, loadCodecFile);
    expect(warnings.map(({ code }) => code)).toEqual(['image.smaller-frame', 'image.first-frame-only']);
    expect([stored.columns, stored.rows, image.pixels.length]).toEqual([20, 13, 260]);
    const samples = await samplesOf(file);
    expect(samples.slice(0, 20)).toEqual([...codedValues.slice(0, 16), 0, 0, 0, 0]);
  });

  it('a file without the delimiter behind its last fragment is whole', async () => {
    const file = imageFile({ ...options, extra: [], pixels: fragments(stream) });
    expect(await samplesOf(file.subarray(0, -8))).toEqual(codedValues);
  });
});

describe('transfer syntaxes that cannot be read', () => {
  it.each([
    ['1.2.840.10008.1.2.4.100', 'MPEG2'],
    ['1.2.840.10008.1.2.4.94', 'JPIP'],
    ['1.2.840.10008.1.2.4.110', 'JPEG XL'],
    ['1.2.840.10008.1.2.7.1', 'SMPTE'],
    ['1.2.3.4', 'unknown'],
  ])('%s is refused as %s', async (transferSyntax, name) => {
    const file = imageFile({ ...small, transferSyntax, pixels: fragments(new Uint8Array(8)) });
    await expect(samplesOf(file)).rejects.toMatchObject({
      code: 'image.unsupported',
      message: expect.stringContaining(name),
    });
  });
});
