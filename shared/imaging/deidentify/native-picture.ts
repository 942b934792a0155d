// The frames of a file decoded and written one after the other without compression, little endian, with the elements that
// describe them so.

import { AppError } from '../../kernel/errors.ts';
import type { LoadCodec } from '../codecs/codec-binaries.ts';
import { thrownAsError } from '../codecs/thrown-as-error.ts';
import { inOtherByteOrder } from '../data-set/byte-order.ts';
import type { DicomTree } from '../data-set/dicom-tree.ts';
import { type DataElement, pixelDataTag } from '../data-set/element.ts';
import { textElement, withElements } from '../data-set/values.ts';
import { type DicomFile, openDicom } from '../dicom-file.ts';
import { readStoredPixels } from '../dicom-pixels.ts';
import type { StoredPixels } from '../stored-pixels.ts';

const maxOutputBytes = 512 * 1024 * 1024;
const planarTag = 0x00280006;

/**
 * `header`: the cleaned elements without pixels. `change` may paint into the samples of each frame.
 * @throws AppError `image.*`, `deidentify.unsupported` where a frame is incomplete: nothing would say so any more
 */
export async function nativePicture(
  bytes: Uint8Array,
  tree: DicomTree,
  header: readonly DataElement[],
  loadCodec: LoadCodec,
  change?: (stored: StoredPixels, file: DicomFile) => void,
): Promise<readonly DataElement[]> {
  const { stored, pixels } = await decodedFrames(bytes, loadCodec, change);
  const elements = (tree.encoding.bigEndian ? inOtherByteOrder(header) : header).filter(
    ({ tag }) => tag !== planarTag,
  );
  return withElements(elements, [
    unsigned(0x00280002, stored.samplesPerPixel),
    textElement(0x00280004, 'CS', stored.photometricInterpretation.replace('YBR_FULL_422', 'YBR_FULL')),
    ...(stored.samplesPerPixel > 1 ? [unsigned(planarTag, 0)] : []),
    unsigned(0x00280100, stored.bitsAllocated),
    unsigned(0x00280101, stored.bitsStored),
    unsigned(0x00280102, stored.bitsStored - 1),
    unsigned(0x00280103, stored.signed ? 1 : 0),
    {
      tag: pixelDataTag,
      vr: stored.bitsAllocated > 8 ? 'OW' : 'OB',
      value: { kind: 'bytes', bytes: pixels },
    },
  ]);
}

async function decodedFrames(
  bytes: Uint8Array,
  loadCodec: LoadCodec,
  change?: (stored: StoredPixels, file: DicomFile) => void,
): Promise<{ stored: StoredPixels; pixels: Uint8Array }> {
  try {
    const file = openDicom(bytes);
    const first = await readStoredPixels(file, 0, loadCodec);
    if (![8, 16, 32].includes(first.bitsAllocated))
      throw new AppError('deidentify.unsupported', `samples of ${first.bitsAllocated} bits`);
    const frameBytes = first.samples.byteLength;
    if (frameBytes * first.frames > maxOutputBytes)
      throw new AppError('image.too-large', `${first.frames} frames of ${frameBytes} bytes`);
    const pixels = new Uint8Array(frameBytes * first.frames);
    for (let frame = 0; frame < first.frames; frame += 1) {
      const stored = frame === 0 ? first : await readStoredPixels(file, frame, loadCodec);
      const [warning] = stored.warnings ?? [];
      if (warning !== undefined) throw new AppError('deidentify.unsupported', warning.detail);
      if (stored.samples.byteLength !== frameBytes || stored.bitsStored !== first.bitsStored)
        throw new AppError('deidentify.unsupported', 'the frames of the file are not of one kind');
      change?.(stored, file);
      pixels.set(littleEndianBytes(stored), frame * frameBytes);
    }
    return { stored: first, pixels };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('image.damaged', 'the picture could not be decoded', { cause: thrownAsError(thrown) });
  }
}

/** The platforms that run this are little endian, as typed arrays are there. */
function littleEndianBytes({ samples }: StoredPixels): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function unsigned(tag: number, value: number): DataElement {
  return { tag, vr: 'US', value: { kind: 'bytes', bytes: Uint8Array.of(value & 0xff, value >> 8) } };
}
