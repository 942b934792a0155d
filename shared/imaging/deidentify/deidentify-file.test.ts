import { crc32 } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { deidentified } from '../../../tests/fixtures/deidentified.ts';
import { join } from '../../../tests/fixtures/dicom-builder.ts';
import { rampJpeg } from '../../../tests/fixtures/ramp-jpeg.ts';
import { decodeImage } from '../decode-image.ts';
import { carriesPhantomMark } from '../phantom-mark.ts';
import { phantomFile } from '../phantom-file.ts';
import { encodePng } from '../png-encode.ts';

const secret = 'OKELLO GRACE 4711';
const ascii = new TextEncoder();
const holdsSecret = (file: Uint8Array): boolean => Buffer.from(file).includes(secret);
const pixelsOf = async (file: Uint8Array) => (await decodeImage(file, loadCodecFile)).image;

function segment(marker: number, ...content: readonly Uint8Array[]): Uint8Array {
  const payload = join(content);
  return join([Uint8Array.of(0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 0xff), payload]);
}

/** TIFF with one entry: orientation (CIPA DC-008 4.6.4). */
function exif(orientation: number): Uint8Array {
  const tiff = [
    0x49,
    0x49,
    42,
    0,
    8,
    0,
    0,
    0,
    1,
    0,
    0x12,
    1,
    3,
    0,
    1,
    0,
    0,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  return Uint8Array.from(tiff);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = join([ascii.encode(type), content]);
  const out = new Uint8Array(body.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, content.length);
  out.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return out;
}

describe('a JPEG file', () => {
  const described = (orientation: number): Uint8Array =>
    join([
      rampJpeg.subarray(0, 2),
      segment(0xe1, ascii.encode('Exif\0\0'), exif(orientation), ascii.encode(secret)),
      segment(0xfe, ascii.encode(secret)),
      segment(0xed, ascii.encode(`Photoshop 3.0\0${secret}`)),
      rampJpeg.subarray(2),
      ascii.encode(secret),
    ]);

  it('keeps the bytes of its picture and loses what describes it', async () => {
    const file = described(1);
    expect(holdsSecret(file)).toBe(true);
    const { bytes, name, mediaType, burnedIn } = await deidentified(file);
    expect(holdsSecret(bytes)).toBe(false);
    expect(bytes).toEqual(new Uint8Array(rampJpeg));
    expect(await pixelsOf(bytes)).toEqual(await pixelsOf(file));
    expect(name).toMatch(/^FR-.{9}\.jpg$/);
    expect({ mediaType, burnedIn }).toEqual({ mediaType: 'image/jpeg', burnedIn: 'unknown' });
  });

  it.each<[string, Uint8Array]>([
    ['a segment of no known kind', segment(0xf0, ascii.encode(secret))],
    ['an arithmetic table', segment(0xdf, ascii.encode(secret))],
    ['behind the mark of Adobe', segment(0xee, ascii.encode(`Adobe${secret}`))],
    [
      'a quantisation table that is not used',
      segment(0xdb, Uint8Array.of(3), ascii.encode(secret.padEnd(64))),
    ],
    [
      'a Huffman table that is not used',
      segment(0xc4, Uint8Array.of(3, secret.length, ...new Uint8Array(15)), ascii.encode(secret)),
    ],
  ])('hides nothing: %s', async (_, hidden) => {
    const file = join([rampJpeg.subarray(0, 2), hidden, rampJpeg.subarray(2)]);
    expect(holdsSecret(file)).toBe(true);
    const outcome = await deidentified(file).catch((thrown: unknown) => thrown);
    if (!(outcome instanceof Error))
      expect(holdsSecret((outcome as { bytes: Uint8Array }).bytes)).toBe(false);
    else expect(outcome).toMatchObject({ code: expect.stringMatching(/^(image|deidentify)\./) });
  });

  it('is refused where text stands behind its last pixel', async () => {
    const file = join([rampJpeg.subarray(0, -2), ascii.encode(secret), rampJpeg.subarray(-2)]);
    await expect(deidentified(file)).rejects.toMatchObject({ code: 'deidentify.unparsable' });
  });

  it('is drawn upright when only its EXIF data said how it lies', async () => {
    const file = described(6);
    const { bytes, mediaType } = await deidentified(file);
    expect(mediaType).toBe('image/png');
    expect(holdsSecret(bytes)).toBe(false);
    expect((await pixelsOf(bytes)).pixels).toEqual((await pixelsOf(file)).pixels);
  });
});

it('blacks out a JPEG that lies on its side where it is seen, upright', async () => {
  const file = join([
    rampJpeg.subarray(0, 2),
    segment(0xe1, ascii.encode('Exif\0\0'), exif(6)),
    rampJpeg.subarray(2),
  ]);
  const upright = await pixelsOf(file);
  const { bytes } = await deidentified(file, {
    masks: [{ x: upright.width - 3, y: 1, width: 9, height: 2 }],
  });
  const expected = upright.pixels.map((value, index) => {
    const [x, y] = [index % upright.width, Math.floor(index / upright.width)];
    return x >= upright.width - 3 && y >= 1 && y < 3 ? 0 : value;
  });
  expect((await pixelsOf(bytes)).pixels).toEqual(expected);
});

describe('a PNG file', () => {
  const plain = encodePng(
    4,
    4,
    Uint8Array.from({ length: 16 }, (_, index) => 16 * index),
  );

  it('keeps its picture and loses its texts', async () => {
    const header = 8 + 25;
    const file = join([
      plain.subarray(0, header),
      chunk('tEXt', ascii.encode(`Title\0${secret}`)),
      chunk('iTXt', ascii.encode(`Author\0\0\0\0\0${secret}`)),
      chunk('eXIf', join([exif(1), ascii.encode(secret)])),
      plain.subarray(header),
      ascii.encode(secret),
    ]);
    const { bytes, name } = await deidentified(file);
    expect(holdsSecret(bytes)).toBe(false);
    expect(await pixelsOf(bytes)).toEqual(await pixelsOf(plain));
    expect(name).toMatch(/^FR-.{9}\.png$/);
  });

  it.each<[string, (file: Uint8Array) => Uint8Array]>([
    [
      'behind IEND, inside its chunk',
      (file) => join([file.subarray(0, -12), chunk('IEND', ascii.encode(secret))]),
    ],
    [
      'a palette of a grey picture',
      (file) =>
        join([
          file.subarray(0, 33),
          chunk('PLTE', ascii.encode(secret + secret.slice(0, 1))),
          file.subarray(33),
        ]),
    ],
    [
      'behind the rows',
      (file) => join([file.subarray(0, -12), chunk('IDAT', ascii.encode(secret)), file.subarray(-12)]),
    ],
    [
      'transparency too long',
      (file) => join([file.subarray(0, 33), chunk('tRNS', ascii.encode(secret)), file.subarray(33)]),
    ],
  ])('hides nothing: %s', async (_, change) => {
    const file = change(plain);
    expect(holdsSecret(file)).toBe(true);
    const outcome = await deidentified(file).catch((thrown: unknown) => thrown);
    if (!(outcome instanceof Error))
      expect(holdsSecret((outcome as { bytes: Uint8Array }).bytes)).toBe(false);
    else expect(outcome).toMatchObject({ code: expect.stringMatching(/^(image|deidentify)\./) });
  });

  it('goes on saying that a program has drawn it', async () => {
    const phantom = phantomFile({ width: 128, height: 128 });
    expect(carriesPhantomMark((await deidentified(phantom)).bytes)).toBe(true);
    const masks = [{ x: 0, y: 0, width: 8, height: 8 }];
    expect(carriesPhantomMark((await deidentified(phantom, { masks })).bytes)).toBe(true);
  });

  it('is blacked out with its 16 bits', async () => {
    const data = Uint16Array.from({ length: 16 }, (_, index) => 4000 * index + 7);
    const file = new Uint8Array(encode({ width: 4, height: 4, data, channels: 1, depth: 16 }));
    const { bytes } = await deidentified(file, { masks: [{ x: 2, y: 2, width: 2, height: 2 }] });
    const expected = Float32Array.from(data, (value, index) =>
      index % 4 >= 2 && index >= 8 ? 0 : value / 65535,
    );
    expect((await pixelsOf(bytes)).pixels).toEqual(expected);
  });
});

it('refuses what is no picture', async () => {
  await expect(deidentified(ascii.encode('just text'))).rejects.toMatchObject({
    code: 'image.unknown-format',
  });
  await expect(deidentified(new Uint8Array(0))).rejects.toMatchObject({ code: 'image.empty' });
  await expect(deidentified(rampJpeg.subarray(0, 120))).rejects.toMatchObject({
    code: 'deidentify.unparsable',
  });
});
