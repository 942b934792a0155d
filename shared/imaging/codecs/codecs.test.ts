import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../../server/inference/codec-files.ts';
import { fragments, imageFile } from '../../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from '../decode-image.ts';
import { openDicom } from '../dicom-file.ts';
import { readStoredPixels } from '../dicom-pixels.ts';
import type { CodecName } from './codec-binaries.ts';
import { inflateRaw } from './inflate.ts';

// One picture of 16 × 12 pixels and 12 bits, written by DCMTK 3.6.7 (dcmcjpeg +el and +e1, dcmcjpls, dcmcrle), OpenJPEG 2.5.0
// and libjpeg-turbo (its upper 8 bits, quality 95).
const columns = 16;
const rows = 12;
const expected = Array.from(
  { length: rows * columns },
  (_, index) => ((index % columns) * 211 + Math.trunc(index / columns) * 97) % 4096,
);

const losslessProcess14 =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAMABABAREA/8QAGAABAQEBAQAAAAAAAAAAAAAABggHDBD/2gAIAQEABgAA9adp' +
  '2nadp2nadp2nadp2nadp2nsLFixYsWLFixYsWLFix2FixYsWLFixYsWLFixY7CxYsWLFixYsWLFixYsdhYsWLFixYsWLFixY' +
  'sWOwsWLFixYsWLFixYsWLHYWLFixYsWLFixYsWLFjsLFixYsWLFixYsWLFix2FixYsWLFixYsWLFixY7CxYsWLFixYsWLFix' +
  'YsdhYsWLFixYsWLFixYseAw2FixYsWLFixYsWLFixY//2Q==';
const losslessFirstOrder =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAMABABAREA/8QAFwABAQEBAAAAAAAAAAAAAAAACAcMEP/aAAgBAQABAADmm02m' +
  '02m02m02m02m02m02nYWm02m02m02m02m02m02m02nYWm02m02m02m02m02m02m02nYWm02m02m02m02m02m02m02nYWm02m' +
  '02m02m02m02m02m02nYWm02m02m02m02m02m02m02nYWm02m02m02m02m02m02m02nYWm02m02m02m02m02m02m02nYWm02m' +
  '02m02m02m02m02m02nYWm02m02m02m02m02m02m02nYWm02m02m02m02m02m02m08GlYWm02m02m02m02m02m02m08Gl///Z';
const jpegLs =
  '/9j/9wALEAAMABABAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAK0tpbS2j6Hn+d5vmeX5Xk+R4/jZhTCmBX1eV1uNttNl' +
  'sNdrNVqJhabSaLQZ7OZrMJZKJJII5GIqYCIQyEQSA/vz6+Pb08vDu7K+6ujm5OLg3tza2NbU1NLQrzQzszMysjGxMLAwL68u' +
  'rquri2trSy5cOG7du2bNWrcatGjNmzZsmTFiwYL17bXrly5atWrFixYrVq1baVqlSpUqUqVKllhhhhssLrrrrrLLLLLLLKgA' +
  'AAAFPqqqqqqqqqooooomDAD//9k=';
const rle =
  'AgAAAEAAAAAMAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA8AAAECAwQE' +
  'BQYHCAkJCgsMDwABAgIDBAUGBgcICQoLCwwPAAECAwQEBQYHCAkJCgsMDQ8BAQIDBAUGBgcICQoLCwwNDQECAwMEBQYHCAgJ' +
  'CgsM/w0PAQIDBAUGBgcICQoKCwwNDg8CAwMEBQYHCAgJCgsMDA0ODwIDBAUFBgcICQoKCwwNDg8PAwMEBQYHBwgJCgsMDA0O' +
  'Dw8DBAUFBgcICQoKCwwNDg4PDwMEBQYHBwgJCgsMDA0ODwAPBAQFBgcICQkKCwwNDg4PAA8A06Z5TB/yxZhrPhHkt4pdD2E0' +
  'B9qtgFMm+cyfckUY674PwpVoOw7htIdaLQDTpnlMHw8j9smcb0IV6LuOYTQH2q2AD4RXKv3Qo3ZJHO/ClWg7DuEP5biLXjEE' +
  '16p9UCP2yZxvQg9GGey/kmU4C96xhFcq/dCjD6d6TSDzxplsPxLluIteMQQPCNuugVQn+s2gc0YZ7L+SZQ9pPA/itYhbLgHU' +
  'p3pNIPPGD8qdcEMW6byPYjUI266BVCcPK/7RpHdKHfDDlmk8D+K1iA==';
const jpeg2000 =
  '/0//UQApAAAAAAAQAAAADAAAAAAAAAAAAAAAEAAAAAwAAAAAAAAAAAABCwEB/1IADAAAAAEAAgQEAAH/XAAKQGBoaHBoaHD/' +
  'ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAABoAAH/k9/gUAamEJNSQUC4LWw1KfeqHrs4' +
  '9WTrwfmDQPwCYfyCABvrWF6X8wy33Ng4DMJt7yGPN2vP8BsP2DI/wCCDOkjF93c3+B/tfSffgeG6qlZ0wEwZ0AALgdtBP//Z';
const baseline =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsI' +
  'CQoKCgoKBggLDAsKDAkKCgr/wAALCAAMABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgED' +
  'AwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RF' +
  'RkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJ' +
  'ytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APgv9g/4I82Z+x/3f4a/ab9g/wCCHFkPsfXb/DX5+fsH' +
  'eEtExZf6L/d71+o2teJvEHwN/YF+Mvxr+Fup/wBl+J/B/wAH/Emt+HNT+zRT/ZL+00q4nt5vLmR45NksaNtdWVsYYEEiv//Z';

const lossless = [
  ['1.2.840.10008.1.2.4.57', losslessProcess14],
  ['1.2.840.10008.1.2.4.70', losslessFirstOrder],
  ['1.2.840.10008.1.2.4.80', jpegLs],
  ['1.2.840.10008.1.2.4.90', jpeg2000],
  ['1.2.840.10008.1.2.5', rle],
] as const;

function streamOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

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
  it.each(lossless)('%s gives back the stored values exactly', async (transferSyntax, base64) => {
    const { samples } = await storedOf(wrapped(transferSyntax, [streamOf(base64)]));
    expect(Array.from(samples)).toEqual(expected);
  });

  it.each(lossless)('%s joins a frame that spans two fragments', async (transferSyntax, base64) => {
    const stream = streamOf(base64);
    const parts = [stream.subarray(0, 100), stream.subarray(100)];
    const { samples } = await storedOf(wrapped(transferSyntax, parts));
    expect(Array.from(samples)).toEqual(expected);
  });

  it.each(lossless)('%s refuses a stream that ends early', async (transferSyntax, base64) => {
    const stream = streamOf(base64);
    const cut = stream.subarray(0, Math.trunc(stream.length * 0.8));
    await expect(storedOf(wrapped(transferSyntax, [cut]))).rejects.toMatchObject({ code: 'image.truncated' });
  });

  it.each(lossless)(
    '%s refuses a stream of another size than the header says',
    async (transferSyntax, base64) => {
      const file = wrapped(transferSyntax, [streamOf(base64)], { rows: rows + 1 });
      await expect(storedOf(file)).rejects.toMatchObject({
        code: expect.stringMatching(/damaged|truncated/),
      });
    },
  );

  it.each(lossless.slice(0, 2))(
    '%s refuses a scan cut in the middle, end marker kept',
    async (transferSyntax, base64) => {
      const stream = streamOf(base64);
      const holed = Uint8Array.from([...stream.subarray(0, stream.length - 60), 0xff, 0xd9]);
      await expect(storedOf(wrapped(transferSyntax, [holed]))).rejects.toMatchObject({
        code: 'image.damaged',
      });
    },
  );
});

describe('lossy JPEG', () => {
  const transferSyntax = '1.2.840.10008.1.2.4.50';
  const change = { bitsAllocated: 8, bitsStored: 8 } as const;

  it('stays close to what was compressed', async () => {
    const { samples } = await storedOf(wrapped(transferSyntax, [streamOf(baseline)], change));
    // Quality 95 quantises by steps of 1 to 12; the picture has no edges but its row ends.
    const worst = Math.max(...expected.map((value, index) => Math.abs((value >> 4) - (samples[index] ?? 0))));
    expect(worst).toBeLessThanOrEqual(8);
  });

  it('refuses a scan cut in the middle, end marker kept', async () => {
    const stream = streamOf(baseline);
    const holed = Uint8Array.from([...stream.subarray(0, stream.length - 20), 0xff, 0xd9]);
    await expect(storedOf(wrapped(transferSyntax, [holed], change))).rejects.toMatchObject({
      code: 'image.damaged',
    });
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
    const file = wrapped('1.2.840.10008.1.2.4.80', [streamOf(jpegLs)]);
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
    const stream = streamOf(jpegLs);
    const damaged = stream.slice().fill(0x55, 40, 200);
    await expect(storedOf(wrapped('1.2.840.10008.1.2.4.80', [damaged]))).rejects.toMatchObject({
      code: 'image.damaged',
    });
    const { samples } = await storedOf(wrapped('1.2.840.10008.1.2.4.80', [stream]));
    expect(Array.from(samples)).toEqual(expected);
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
