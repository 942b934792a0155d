// Compressed words can be wider than the values in them: overlays and anything else fit in the bits beside (PS3.5 8.1.2),
// where no display shows them.

import type { LoadCodec } from '../codecs/codec-binaries.ts';
import type { DicomTree } from '../data-set/dicom-tree.ts';
import type { DataElement, Encoding } from '../data-set/element.ts';
import { findElement, numberOf, withElements } from '../data-set/values.ts';
import { writeDicom } from '../data-set/write-dicom.ts';
import { openDicom } from '../dicom-file.ts';
import { readStoredPixels } from '../dicom-pixels.ts';
import type { StoredPixels } from '../stored-pixels.ts';

const bitsAllocatedTag = 0x00280100;
const bitsStoredTag = 0x00280101;

/**
 * Whether any word of compressed pixel data holds more than its value, the sign repeated above it. Every frame is decoded
 * twice: as the file says, and as if all bits were stored.
 * @throws AppError `image.*`
 */
export async function hasHiddenBits(
  bytes: Uint8Array,
  tree: DicomTree,
  loadCodec: LoadCodec,
): Promise<boolean> {
  const { elements, encoding, transferSyntax } = tree;
  const allocated = numberOf(findElement(elements, bitsAllocatedTag), encoding) ?? 0;
  const stored = numberOf(findElement(elements, bitsStoredTag), encoding) ?? allocated;
  if (stored >= allocated) return false;
  const whole = withElements(elements, [
    unsigned(bitsStoredTag, allocated, encoding),
    unsigned(0x00280102, allocated - 1, encoding),
    unsigned(0x00280103, 0, encoding),
  ]);
  const asStated = openDicom(bytes);
  const asWords = openDicom(writeDicom(whole, encoding, transferSyntax));
  let frames = 1;
  for (let frame = 0; frame < frames; frame += 1) {
    const values = await readStoredPixels(asStated, frame, loadCodec);
    const words = await readStoredPixels(asWords, frame, loadCodec);
    if (!areWordsOf(values, words)) return true;
    ({ frames } = values);
  }
  return false;
}

function areWordsOf(
  { samples: values }: StoredPixels,
  { samples: words, bitsStored }: StoredPixels,
): boolean {
  if (values.length !== words.length) return false;
  const mask = 2 ** bitsStored - 1;
  for (let at = 0; at < values.length; at += 1) {
    if ((values[at]! & mask) >>> 0 !== words[at]) return false;
  }
  return true;
}

function unsigned(tag: number, value: number, { bigEndian }: Encoding): DataElement {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, !bigEndian);
  return { tag, vr: 'US', value: { kind: 'bytes', bytes } };
}
