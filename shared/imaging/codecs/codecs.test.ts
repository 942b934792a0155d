import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import {
  codedColumns as columns,
  codedRows as rows,
  codedStream,
  codedValues,
} from '../../../tests/fixtures/coded-streams.ts';
import { fragments, imageFile } from '../../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from '../decode-image.ts';
import { openDicom } from '../dicom-file.ts';
import { readStoredPixels } from '../dicom-pixels.ts';
import type { CodecName } from './codec-binaries.ts';
import { inflateRaw } from './inflate.ts';
import { readJpeg2000Header } from './jpeg-2000-header.ts';

const lossless = [
  ['1.2.840.10008.1.2.4.57', codedStream('losslessProcess14')],
  ['1.2.840.10008.1.2.4.70', codedStream('losslessFirstOrder')],
  ['1.2.840.10008.1.2.4.80', codedStream('jpegLs')],
  ['1.2.840.10008.1.2.4.90', codedStream('jpeg2000')],
  ['1.2.840.10008.1.2.4.201', codedStream('highThroughput')],
  ['1.2.840.10008.1.2.5', codedStream('rle')],
] as const;

interface Change {
  readonly rows?: number;
  readonly bitsStored?: number;
  readonly bitsAllocated?: 8 | 16;
}

function wrapped(transferSyntax: string, parts: readonly Uint8Array[], change: Change = {}): Uint8Array {
  return imageFile({ rows, columns, bitsStored: 12, transferSyntax, pixels: fragments(...parts), ...change });
}

function storedOf(file: Uint8Array): Promise<{ samples: ArrayLike<number> }> {
  return readStoredPixels(openDicom(file), 0, loadCodecFile);
}

describe('lossless codecs', () => {
  it.each(lossless)('%s gives back the stored values exactly', async (transferSyntax, stream) => {
    const { samples } = await storedOf(wrapped(transferSyntax, [stream]));
    expect(Array.from(samples)).toEqual(codedValues);
  });

  it.each(lossless)('%s joins a frame that spans two fragments', async (transferSyntax, stream) => {
    const parts = [stream.subarray(0, 100), stream.subarray(100)];
    const { samples } = await storedOf(wrapped(transferSyntax, parts));
    expect(Array.from(samples)).toEqual(codedValues);
  });

  it.each(lossless)('%s refuses a stream that ends early', async (transferSyntax, stream) => {
    const cut = stream.subarray(0, Math.trunc(stream.length * 0.8));
    await expect(storedOf(wrapped(transferSyntax, [cut]))).rejects.toMatchObject({ code: 'image.truncated' });
  });

  it.each(lossless)(
    '%s refuses a stream of another size than the header says',
    async (transferSyntax, stream) => {
      const file = wrapped(transferSyntax, [stream], { rows: rows + 1 });
      await expect(storedOf(file)).rejects.toMatchObject({
        code: expect.stringMatching(/damaged|truncated/),
      });
    },
  );

  it.each(lossless.slice(0, 2))(
    '%s refuses a scan cut in the middle, end marker kept',
    async (transferSyntax, stream) => {
      const holed = Uint8Array.from([...stream.subarray(0, stream.length - 60), 0xff, 0xd9]);
      await expect(storedOf(wrapped(transferSyntax, [holed]))).rejects.toMatchObject({
        code: 'image.damaged',
      });
    },
  );
});

describe('a frame without end marker', () => {
  it.each([
    ['1.2.840.10008.1.2.4.51', 'extended12'],
    ['1.2.840.10008.1.2.4.57', 'losslessProcess14'],
    ['1.2.840.10008.1.2.4.70', 'losslessFirstOrder'],
  ] as const)('%s is read where every sample is there', async (transferSyntax, name) => {
    const stream = codedStream(name);
    const end = Buffer.from(stream).lastIndexOf(Buffer.from([0xff, 0xd9]));
    const whole = await storedOf(wrapped(transferSyntax, [stream]));
    const { samples } = await storedOf(wrapped(transferSyntax, [stream.subarray(0, end)]));
    expect(samples).toEqual(whole.samples);
    const cut = wrapped(transferSyntax, [stream.subarray(0, end - 4)]);
    await expect(storedOf(cut)).rejects.toMatchObject({ code: 'image.truncated' });
  });
});

describe('lossy JPEG', () => {
  const transferSyntax = '1.2.840.10008.1.2.4.50';
  const change = { bitsAllocated: 8, bitsStored: 8 } as const;

  it('stays close to what was compressed', async () => {
    const { samples } = await storedOf(wrapped(transferSyntax, [codedStream('baseline')], change));
    // Quality 95 quantises by steps of 1 to 12; the picture has no edges but its row ends.
    const worst = Math.max(
      ...codedValues.map((value, index) => Math.abs((value >> 4) - (samples[index] ?? 0))),
    );
    expect(worst).toBeLessThanOrEqual(8);
  });

  it('refuses a scan cut in the middle, end marker kept', async () => {
    const stream = codedStream('baseline');
    const holed = Uint8Array.from([...stream.subarray(0, stream.length - 20), 0xff, 0xd9]);
    await expect(storedOf(wrapped(transferSyntax, [holed], change))).rejects.toMatchObject({
      code: 'image.damaged',
    });
  });
});

// The lower bits of a picture of 12 bits that DCMTK's own decoder gives back, compressed at its quality of 90.
describe('JPEG of 12 bits', () => {
  it.each([
    ['1.2.840.10008.1.2.4.51', 'extended12'],
    ['1.2.840.10008.1.2.4.53', 'spectral12'],
    ['1.2.840.10008.1.2.4.55', 'progressive12'],
  ] as const)('%s gives what DCMTK gives', async (transferSyntax, name) => {
    const { samples } = await storedOf(wrapped(transferSyntax, [codedStream(name)]));
    expect(Array.from(samples).slice(0, 16)).toEqual([
      0, 211, 421, 634, 843, 1056, 1265, 1477, 1687, 1899, 2109, 2322, 2531, 2744, 2953, 3165,
    ]);
  });
});

describe('codec modules', () => {
  it('load once, also when several images start together, and again after a failed load', async () => {
    const asked: CodecName[] = [];
    let offline = true;
    const load = async (name: CodecName): Promise<Uint8Array> => {
      asked.push(name);
      if (offline) throw new Error('offline');
      return loadCodecFile(name);
    };
    const file = wrapped('1.2.840.10008.1.2.4.80', [codedStream('jpegLs')]);
    await expect(decodeImage(file, load)).rejects.toMatchObject({
      name: 'AppError',
      code: 'image.unreadable',
      message: expect.stringContaining('offline'),
    });
    offline = false;
    const images = await Promise.all([1, 2, 3].map(() => decodeImage(file, load)));
    expect(asked).toEqual(['charls', 'charls']);
    expect(images[2]?.image).toEqual(images[0]?.image);
  });

  it('decode the next image after a damaged one', async () => {
    const stream = codedStream('jpegLs');
    const damaged = stream.slice().fill(0x55, 40, 200);
    await expect(storedOf(wrapped('1.2.840.10008.1.2.4.80', [damaged]))).rejects.toMatchObject({
      code: 'image.damaged',
    });
    const { samples } = await storedOf(wrapped('1.2.840.10008.1.2.4.80', [stream]));
    expect(Array.from(samples)).toEqual(codedValues);
  });
});

describe('inflateRaw', () => {
  it('refuses a stream that ends early', () => {
    const deflated = deflateSync(Uint8Array.from({ length: 5000 }, (_, index) => (index * index) % 251));
    expect(() => inflateRaw(deflated.subarray(0, -10), 1_000_000)).toThrow(
      expect.objectContaining({ code: 'image.truncated' }),
    );
  });

  it('stops a bomb at its budget', () => {
    const bomb = deflateSync(new Uint8Array(5_000_000));
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => inflateRaw(bomb, 1_000_000)).toThrow(expect.objectContaining({ code: 'image.too-large' }));
  });
});

describe('JPEG 2000 of several tiles', () => {
  it('is cut where a tile never came', () => {
    const stream = codedStream('jpeg2000');
    // XTsiz (A.5.1): half as wide, so that the one tile of the fixture is the first of two.
    const tileWidthAt = 24;
    const view = new DataView(stream.buffer, stream.byteOffset);
    view.setUint32(tileWidthAt, view.getUint32(tileWidthAt) / 2);
    expect(() => readJpeg2000Header(stream)).toThrow(expect.objectContaining({ code: 'image.truncated' }));
  });
});
