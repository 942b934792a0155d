import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { pngBomb, pngWithText } from '../../tests/fixtures/bad-files.ts';
import { codedStream } from '../../tests/fixtures/coded-streams.ts';
import { bytes, dicomFile, fragments, imageFile, join, text } from '../../tests/fixtures/dicom-builder.ts';
import { readDicomTree } from './data-set/dicom-tree.ts';
import { decodeImage } from './decode-image.ts';

// Files made to take memory or time. Each is refused, soon, and before anything of the size that it claims is allocated.

const longestMs = 2000;
/** Generous: what a refusal leaves lying about until the next garbage collection. */
const mostBytes = 64 * 1024 * 1024;

async function refused(file: Uint8Array): Promise<{ code: string; ms: number; grownBytes: number }> {
  const before = process.memoryUsage();
  const started = performance.now();
  const thrown: unknown = await decodeImage(file, loadCodecFile).then(
    () => new Error('was read'),
    (reason: unknown) => reason,
  );
  const ms = performance.now() - started;
  const after = process.memoryUsage();
  const grownBytes = after.arrayBuffers - before.arrayBuffers;
  return { code: (thrown as { code?: string }).code ?? String(thrown), ms, grownBytes };
}

async function expectRefusal(file: Uint8Array, code: RegExp): Promise<void> {
  const outcome = await refused(file);
  expect(outcome.code).toMatch(code);
  expect(outcome.ms).toBeLessThan(longestMs);
  expect(outcome.grownBytes).toBeLessThan(mostBytes);
}

const depth = 100_000;
const encoded = {
  explicit: { open: '0800401153510000ffffffff', close: '' },
  implicit: { open: '08004011ffffffff', close: '' },
  unknown: { open: '08004011554e0000ffffffff', close: '' },
};

/** `depth` sequences, each the only element of the only item of the one before, all of undefined length. */
function nested(kind: keyof typeof encoded): Uint8Array {
  const level = Buffer.from(`${encoded[kind].open}feff00e0ffffffff`, 'hex');
  const levels = Buffer.concat(Array.from({ length: depth }, () => level));
  const start = dicomFile([text(0x00080005, 'CS', 'ISO_IR 100')], {
    encoding: kind === 'implicit' ? 'implicit' : 'explicit',
    transferSyntax: kind === 'implicit' ? '1.2.840.10008.1.2' : '1.2.840.10008.1.2.1',
  });
  return join([start, levels]);
}

/** The same with stated lengths, each that of all that follows. */
function nestedWithLengths(): Uint8Array {
  const out = Buffer.alloc(20 * depth);
  for (let level = 0, at = 0; level < depth; level += 1, at += 20) {
    Buffer.from('0800401153510000', 'hex').copy(out, at);
    out.writeUInt32LE(out.length - at - 12, at + 8);
    Buffer.from('feff00e0', 'hex').copy(out, at + 12);
    out.writeUInt32LE(out.length - at - 20, at + 16);
  }
  return join([dicomFile([text(0x00080005, 'CS', 'ISO_IR 100')]), out]);
}

describe('a hundred thousand nested sequences', () => {
  it.each(['explicit', 'implicit', 'unknown'] as const)(
    'of undefined length, %s, are refused',
    async (kind) => {
      await expectRefusal(nested(kind), /^image\.(damaged|truncated)$/);
    },
  );

  it('of stated lengths are refused', async () => {
    await expectRefusal(nestedWithLengths(), /^image\.no-pixels$/);
  });

  it('side by side are read in linear time', async () => {
    const empty = Buffer.from('feff00e000000000', 'hex');
    const start = dicomFile([text(0x00080005, 'CS', 'ISO_IR 100')]);
    const open = Buffer.from('0800401153510000ffffffff', 'hex');
    const many = Buffer.concat(Array.from({ length: depth }, () => empty));
    await expectRefusal(join([start, open, many]), /^image\.no-pixels$/);
  });

  it('four million items are too many', async () => {
    const start = dicomFile([text(0x00080005, 'CS', 'ISO_IR 100')]);
    const open = Buffer.from('0800401153510000ffffffff', 'hex');
    const items = Buffer.alloc(32_000_000, Buffer.from('feff00e000000000', 'hex'));
    await expectRefusal(join([start, open, items]), /^image\.too-large$/);
  });

  it('a megabyte of zeros is passed over once, not once for each element', () => {
    const start = dicomFile([text(0x00100010, 'PN', 'A')]);
    const begun = performance.now();
    const { elements } = readDicomTree(join([start, new Uint8Array(1_000_000)]), () => undefined);
    expect(elements).toHaveLength(1);
    const odd = readDicomTree(join([start, new Uint8Array(1_000_000), Uint8Array.of(1)]), () => undefined);
    expect(odd.problem?.code).toMatch(/^image\./);
    expect(performance.now() - begun).toBeLessThan(longestMs);
  });

  it('two million elements are too many', async () => {
    const count = 2_000_000;
    const elements = Buffer.alloc(8 * count);
    for (let index = 0; index < count; index += 1) {
      elements.writeUInt16LE(0x0009 + 2 * (index >> 16), 8 * index);
      elements.writeUInt16LE(index & 0xffff, 8 * index + 2);
      elements.write('LO', 8 * index + 4, 'latin1');
    }
    const file = join([dicomFile([text(0x00080005, 'CS', 'ISO_IR 100')]), elements]);
    expect((await refused(file)).code).toBe('image.too-large');
  });
});

const zeros = new Uint8Array(200_000_000);
const bomb = deflateRawSync(zeros);
const zlibBomb = deflateSync(zeros);
const huge = { rows: 6000, columns: 6000, bitsStored: 12 } as const;

/** A stream of the fixture that claims `width` × `height`. */
function resized(
  name: Parameters<typeof codedStream>[0],
  at: number,
  bytesEach: 2 | 4,
  [first, second]: readonly [number, number],
): Uint8Array {
  const stream = codedStream(name);
  const view = new DataView(stream.buffer);
  const set = (offset: number, value: number): void =>
    bytesEach === 2 ? view.setUint16(offset, value) : view.setUint32(offset, value);
  set(at, first);
  set(at + bytesEach, second);
  return stream;
}

/** Where SOFn has its height. */
function frameSizeAt(name: Parameters<typeof codedStream>[0]): number {
  const stream = Buffer.from(codedStream(name));
  const markers = [0xc0, 0xc1, 0xc2, 0xc3, 0xf7].map((marker) => stream.indexOf(Buffer.from([0xff, marker])));
  return Math.min(...markers.filter((at) => at >= 0)) + 5;
}

function coded(number: string, stream: Uint8Array, size: { rows: number; columns: number }): Uint8Array {
  const transferSyntax = `1.2.840.10008.1.2.${number}`;
  return imageFile({ ...size, bitsStored: 12, transferSyntax, pixels: fragments(stream) });
}

describe('bombs', () => {
  it('of deflate are refused as data set', async () => {
    expect(zeros.length / bomb.length).toBeGreaterThan(1000);
    const meta = dicomFile([], { transferSyntax: '1.2.840.10008.1.2.1.99' });
    await expectRefusal(join([meta, bomb]), /^image\.too-large$/);
  });

  it('of deflate are refused as frame', async () => {
    const file = coded('8.1', bomb, { rows: 16, columns: 16 });
    await expectRefusal(file, /^image\.too-large$/);
  });

  it.each([
    ['4.50', 'baseline'],
    ['4.51', 'extended12'],
    ['4.55', 'progressive12'],
    ['4.57', 'losslessProcess14'],
    ['4.80', 'jpegLs'],
  ] as const)('JPEG %s that claims 60,000 × 60,000 is refused', async (number, name) => {
    const stream = resized(name, frameSizeAt(name), 2, [60_000, 60_000]);
    await expectRefusal(coded(number, stream, { rows: 60_000, columns: 60_000 }), /^image\.too-large$/);
    await expectRefusal(coded(number, stream, { rows: 12, columns: 16 }), /^image\.too-large$/);
  });

  it.each([
    ['4.50', 'baseline'],
    ['4.51', 'extended12'],
    ['4.55', 'progressive12'],
    ['4.57', 'losslessProcess14'],
  ] as const)('JPEG %s of a few bytes that claims 6,000 × 6,000 is refused', async (number, name) => {
    const stream = resized(name, frameSizeAt(name), 2, [6000, 6000]);
    await expectRefusal(coded(number, stream, huge), /^image\.truncated$/);
  });

  it('RLE of a few bytes that claims 6,000 × 6,000 is refused', async () => {
    await expectRefusal(coded('5', codedStream('rle'), huge), /^image\.truncated$/);
  });

  // SIZ: width and height at 8, tile width and height at 24, components at 40 (ISO 15444-1 A.5.1).
  it.each([
    ['60,000 × 60,000 pixels', 8, [60_000, 60_000], /^image\.too-large$/],
    ['another size than the header', 8, [32, 24], /^image\.truncated$/],
    ['tiles of one pixel', 24, [1, 1], /^image\.truncated$/],
    ['no tiles', 24, [0, 0], /^image\.damaged$/],
  ] as const)('JPEG 2000 of %s is refused', async (_, at, size, code) => {
    for (const name of ['jpeg2000', 'highThroughput'] as const) {
      const stream = resized(name, at, 4, size);
      await expectRefusal(coded('4.90', stream, { rows: 12, columns: 16 }), code);
    }
  });

  it('JPEG 2000 of 16,384 components is refused', async () => {
    const stream = codedStream('jpeg2000');
    new DataView(stream.buffer).setUint16(40, 16_384);
    await expectRefusal(coded('4.90', stream, { rows: 12, columns: 16 }), /^image\.unsupported$/);
  });

  it('PNG of 60,000 × 60,000 is refused', async () => {
    await expectRefusal(pngBomb(60_000, 60_000), /^image\.too-large$/);
  });

  it.each(['zTXt', 'iCCP', 'iTXt'])('a PNG with a bomb in %s is read without it', async (type) => {
    const file = pngWithText(type, zlibBomb);
    const before = process.memoryUsage().arrayBuffers;
    const { image } = await decodeImage(file, loadCodecFile);
    expect(image.width).toBe(8);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(mostBytes);
  });

  it('native pixels of 60,000 × 60,000 are refused', async () => {
    const pixels = bytes(0x7fe00010, 'OW', new Uint8Array(64));
    await expectRefusal(imageFile({ rows: 60_000, columns: 60_000, pixels }), /^image\.too-large$/);
  });

  it('more scans over a picture than any encoder writes are refused', async () => {
    const stream = codedStream('progressive12');
    const scan = stream.subarray(
      stream.indexOf(0xff, Buffer.from(stream).lastIndexOf(Buffer.from('ffda', 'hex'))),
    );
    const body = stream.subarray(0, stream.length - 2);
    const many = join([body, ...Array.from({ length: 20_000 }, () => scan.subarray(0, -2)), scan]);
    const tall = resizedCopy(many, frameSizeAt('progressive12'), 1600, 1600);
    await expectRefusal(coded('4.55', tall, { rows: 1600, columns: 1600 }), /^image\.too-large$/);
  });
});

function resizedCopy(stream: Uint8Array, at: number, height: number, width: number): Uint8Array {
  const copy = stream.slice();
  const view = new DataView(copy.buffer);
  view.setUint16(at, height);
  view.setUint16(at + 2, width);
  return copy;
}
