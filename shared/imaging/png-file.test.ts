import { encode, type ImageData } from 'fast-png';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { join } from '../../tests/fixtures/dicom-builder.ts';
import { decodePngFile } from './png-file.ts';

function shown(file: Uint8Array): readonly number[] {
  return Array.from(decodePngFile(file).image.pixels, (value) => Math.round(value * 10_000) / 10_000);
}

function encoded(image: Omit<ImageData, 'height'>): Uint8Array {
  return encode({ height: 1, ...image });
}

/** A PNG of chunks with right checksums around any content. */
function pngOf(
  header: readonly [width: number, height: number, bitDepth: number, colorType: number, interlace?: 0 | 1],
  rows: Uint8Array,
  ...extra: readonly Uint8Array[]
): Uint8Array {
  const [width, height, bitDepth, colorType, interlace = 0] = header;
  const ihdr = new DataView(new ArrayBuffer(13));
  ihdr.setUint32(0, width);
  ihdr.setUint32(4, height);
  ihdr.setUint8(8, bitDepth);
  ihdr.setUint8(9, colorType);
  ihdr.setUint8(12, interlace);
  const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const first = chunk('IHDR', new Uint8Array(ihdr.buffer));
  return join([signature, first, ...extra, chunk('IDAT', zlibSync(rows)), chunk('IEND', new Uint8Array(0))]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = join([new TextEncoder().encode(type), content]);
  const frame = new DataView(new ArrayBuffer(8));
  frame.setUint32(0, content.length);
  frame.setUint32(4, crc32(body));
  return join([new Uint8Array(frame.buffer, 0, 4), body, new Uint8Array(frame.buffer, 4, 4)]);
}

/** W3C PNG, annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('PNG files', () => {
  it('grey of 8 and 16 bits', () => {
    expect(shown(encoded({ width: 3, channels: 1, data: Uint8Array.from([0, 51, 255]) }))).toEqual([
      0, 0.2, 1,
    ]);
    const deep = { width: 3, channels: 1, depth: 16, data: Uint16Array.from([0, 13107, 65535]) } as const;
    expect(shown(encoded(deep))).toEqual([0, 0.2, 1]);
  });

  it.each([
    [1, [0b1010_0000], [1, 0, 1]],
    [2, [0b0001_1100], [0, 0.3333, 1]],
    [4, [0x03, 0xf0], [0, 0.2, 1]],
  ])('grey of %i bits', (bitDepth, row, expected) => {
    expect(shown(pngOf([3, 1, bitDepth, 0], Uint8Array.from([0, ...row])))).toEqual(expected);
  });

  it('colour, by luma', () => {
    const rgb = encoded({ width: 2, channels: 3, data: Uint8Array.from([255, 255, 255, 0, 255, 0]) });
    expect(shown(rgb)).toEqual([1, 0.5882]);
  });

  it('transparency, on black', () => {
    expect(shown(encoded({ width: 2, channels: 2, data: Uint8Array.from([255, 255, 255, 51]) }))).toEqual([
      1, 0.2,
    ]);
    expect(shown(encoded({ width: 1, channels: 4, data: Uint8Array.from([255, 255, 255, 51]) }))).toEqual([
      0.2,
    ]);
    const key = chunk('tRNS', Uint8Array.from([0, 9]));
    expect(shown(pngOf([2, 1, 8, 0], Uint8Array.from([0, 9, 255]), key))).toEqual([0, 1]);
  });

  it('palettes, also of 4 bits and transparent', () => {
    const palette = chunk('PLTE', Uint8Array.from([255, 255, 255, 0, 0, 0]));
    const alpha = chunk('tRNS', Uint8Array.from([51]));
    expect(shown(pngOf([3, 1, 4, 3], Uint8Array.from([0, 0x10, 0x10]), palette))).toEqual([0, 1, 0]);
    expect(shown(pngOf([2, 1, 8, 3], Uint8Array.from([0, 0, 1]), palette, alpha))).toEqual([0.2, 0]);
    expect(() => shown(pngOf([1, 1, 8, 3], Uint8Array.from([0, 7]), palette))).toThrow(
      expect.objectContaining({ code: 'image.damaged' }),
    );
  });

  it('colour with a suggested palette, which is no palette of the pixels', () => {
    const suggested = chunk('PLTE', Uint8Array.from([9, 9, 9]));
    expect(shown(pngOf([1, 1, 8, 2], Uint8Array.from([0, 255, 255, 255]), suggested))).toEqual([1]);
  });

  it('measure how colourful they are, at 8 and at 16 bits', () => {
    const rgba = { width: 2, channels: 4 } as const;
    const eight = encoded({ ...rgba, data: Uint8Array.from([255, 0, 0, 255, 9, 9, 9, 255]) });
    const deep = Uint16Array.from([65_535, 0, 0, 65_535, 9, 9, 9, 65_535]);
    expect(decodePngFile(eight).chroma).toBe(0.5);
    expect(decodePngFile(encoded({ ...rgba, depth: 16, data: deep })).chroma).toBe(0.5);
  });

  it('are turned upright by the orientation of their eXIf chunk', () => {
    // TIFF header, one entry of IFD0: tag 0112, SHORT, 1 value, 6 (turn a quarter clockwise).
    const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0];
    const sideways = pngOf(
      [3, 1, 8, 0],
      Uint8Array.from([0, 0, 51, 255]),
      chunk('eXIf', Uint8Array.from(tiff)),
    );
    expect(decodePngFile(sideways).image).toMatchObject({ width: 1, height: 3 });
    expect(shown(sideways)).toEqual([0, 0.2, 1]);
  });

  it('never inflate a colour profile or a text', () => {
    const junk = chunk('iCCP', new TextEncoder().encode('p\0\0 not a zlib stream'));
    expect(shown(pngOf([1, 1, 8, 0], Uint8Array.from([0, 255]), junk))).toEqual([1]);
  });
});

describe('PNG files that are refused', () => {
  const whole = encoded({ width: 3, channels: 1, data: Uint8Array.from([0, 51, 255]) });

  it.each([
    ['60,000 × 60,000 pixels', pngOf([60_000, 60_000, 8, 0], new Uint8Array(9)), 'image.too-large'],
    [
      'rows that inflate far beyond the size',
      pngOf([2, 1, 8, 0], new Uint8Array(2_000_000)),
      'image.too-large',
    ],
    ['rows of 320 MB in a small file', pngOf([6324, 6324, 16, 6], new Uint8Array(9)), 'image.too-large'],
    ['colour of 4 bits', pngOf([2, 1, 4, 2], new Uint8Array(9)), 'image.damaged'],
    ['a palette picture without palette', pngOf([1, 1, 8, 3], new Uint8Array(2)), 'image.damaged'],
    [
      'interlaced pixels of less than a byte',
      pngOf([2, 1, 4, 0, 1], Uint8Array.from([0, 0xa0, 0, 0xf0])),
      'image.unsupported',
    ],
    ['missing rows', pngOf([2, 2, 8, 0], new Uint8Array(3)), 'image.truncated'],
    ['no pixels', pngOf([0, 1, 8, 0], new Uint8Array(0)), 'image.damaged'],
    ['an unknown colour type', pngOf([1, 1, 8, 5], new Uint8Array(2)), 'image.damaged'],
    ['an unknown filter', pngOf([1, 1, 8, 0], Uint8Array.from([9, 0])), 'image.damaged'],
    ['a wrong checksum', whole.with(whole.length - 20, (whole.at(-20) ?? 0) ^ 1), 'image.damaged'],
  ])('%s', (_, file, code) => {
    expect(() => decodePngFile(file)).toThrow(expect.objectContaining({ code }));
  });

  it('cut anywhere', () => {
    for (let length = 8; length < whole.length; length += 1) {
      expect(() => decodePngFile(whole.subarray(0, length)), `${length} bytes`).toThrow(
        expect.objectContaining({ code: 'image.truncated' }),
      );
    }
  });
});
