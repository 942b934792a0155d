import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { bytes, type GrayOptions, imageFile, text, words } from '../../tests/fixtures/dicom-builder.ts';
import { decodeImage } from './decode-image.ts';
import { imageIdentity } from './image-identity.ts';

async function identityOf(file: Uint8Array): Promise<string> {
  const { stored, header } = await decodeImage(file, loadCodecFile);
  return imageIdentity(stored, header, async (bytes) => createHash('sha256').update(bytes).digest('hex'));
}

const plain: GrayOptions = { rows: 2, columns: 2, bitsStored: 12, pixels: [5, 4, 3, 200] };
const window = [text(0x00281050, 'DS', '50'), text(0x00281051, 'DS', '100')];

describe('the identity of an image', () => {
  it.each<[string, GrayOptions]>([
    ['another encoding', { ...plain, encoding: 'big-endian', transferSyntax: '1.2.840.10008.1.2.2' }],
    ['deflate', { ...plain, deflated: true, transferSyntax: '1.2.840.10008.1.2.1.99' }],
    ['fewer bits', { ...plain, bitsAllocated: 8, bitsStored: 8 }],
    ['another name', { ...plain, extra: [text(0x00100010, 'PN', 'DOE^JANE')] }],
    ['a sign that no value has', { ...plain, signed: true }],
    ['spacing of square pixels', { ...plain, extra: [text(0x00280030, 'DS', '0.2\\0.2')] }],
  ])('stays with %s', async (_, change) => {
    expect(await identityOf(imageFile(change))).toBe(await identityOf(imageFile(plain)));
  });

  it.each<[string, GrayOptions]>([
    ['another value', { ...plain, pixels: [5, 4, 3, 201] }],
    ['another shape', { ...plain, rows: 1, columns: 4 }],
    ['a window', { ...plain, extra: window }],
    ['another polarity', { ...plain, photometric: 'MONOCHROME1' }],
    ['padding', { ...plain, extra: [words(0x00280120, 'US', 3)] }],
    ['other than square pixels', { ...plain, extra: [text(0x00280034, 'IS', '2\\1')] }],
  ])('changes with %s', async (_, change) => {
    expect(await identityOf(imageFile(change))).not.toBe(await identityOf(imageFile(plain)));
  });

  it('knows fractions apart', async () => {
    const floats = (...values: number[]): Uint8Array =>
      imageFile({
        rows: 1,
        columns: 2,
        bitsStored: 12,
        pixels: bytes(0x7fe00008, 'OF', new Uint8Array(Float32Array.of(...values).buffer)),
        extra: [words(0x00280100, 'US', 32)],
      });
    expect(await identityOf(floats(0.1, 0.2))).not.toBe(await identityOf(floats(0.9, 0)));
    expect(await identityOf(floats(0.1, 0.2))).toBe(await identityOf(floats(0.1, 0.2)));
  });

  it('takes −1 and 65,535 for different values', async () => {
    const pixels = [-1, 0, 1, 2];
    const signed = imageFile({ ...plain, bitsStored: 16, signed: true, pixels });
    const unsigned = imageFile({ ...plain, bitsStored: 16, pixels });
    expect(await identityOf(signed)).not.toBe(await identityOf(unsigned));
  });
});
