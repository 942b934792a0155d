// The outer layers of a DICOM file: preamble and file meta information (PS3.10 7.1), deflate (PS3.5 A.5), then the data
// set up to its pixel data. The encoding of the data set is seen, not believed: files state a wrong transfer syntax, or
// none.

import type { DataSet, Element } from 'dicom-parser';
import { AppError } from '../kernel/errors.ts';
import { inflateRaw } from './codecs/inflate.ts';
import { ElementReader } from './dicom-elements.ts';
import { hasExplicitVr, hasPreamble, preambleBytes } from './image-format.ts';
import { nativeSyntaxes } from './transfer-syntaxes.ts';

export interface DicomFile {
  /** What the offsets of the elements refer to: the file, or the inflated data set. */
  readonly bytes: Uint8Array;
  readonly dataSet: DataSet;
  readonly transferSyntax: string;
  readonly bigEndian: boolean;
}

/** A radiograph of 40 million pixels takes 80 MB. */
const maxInflatedBytes = 128 * 1024 * 1024;
/** Radiographs shrink to a third, a mostly empty picture to a hundredth; 1,032-fold is what a bomb reaches. */
const freeInflatedBytes = 16 * 1024 * 1024;
const mostExpansion = 200;

/** Throws `image.*`; a data set without pixels is returned as it is. */
export function openDicom(given: Uint8Array): DicomFile {
  // A Buffer of Node is one too, but its slice() does not copy: a plain view of the same bytes does.
  const fileBytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const metaStart = hasPreamble(fileBytes) ? preambleBytes + 4 : 0;
  const meta = new ElementReader(fileBytes, false).readMeta(metaStart);
  if (meta.end + 8 > fileBytes.length)
    throw new AppError('image.truncated', 'the file ends before its data set');
  const stated = meta.dataSet.string('x00020010');
  if (stated !== nativeSyntaxes.deflated) return readDataSet(fileBytes, meta.end, stated);
  const deflated = fileBytes.subarray(meta.end);
  const budget = Math.min(maxInflatedBytes, freeInflatedBytes + mostExpansion * deflated.length);
  return readDataSet(inflateRaw(deflated, budget), 0, stated);
}

function readDataSet(bytes: Uint8Array, start: number, stated: string | undefined): DicomFile {
  const bigEndian = bytes[start] === 0 && bytes[start + 1] !== 0;
  const explicit = hasExplicitVr(bytes, start);
  const dataSet = new ElementReader(bytes, bigEndian).readDataSet(start);
  return { bytes, dataSet, bigEndian, transferSyntax: stated ?? seenSyntax(explicit, bigEndian) };
}

function seenSyntax(explicit: boolean, bigEndian: boolean): string {
  if (bigEndian) return nativeSyntaxes.explicitBigEndian;
  return explicit ? nativeSyntaxes.explicitLittleEndian : nativeSyntaxes.implicitLittleEndian;
}

/** PS3.3 C.7.6.24 and .25 put floating-point samples into elements of their own. */
const pixelDataTags = { x7fe00010: 'integer', x7fe00008: 'float', x7fe00009: 'double' } as const;

export interface PixelData {
  readonly element: Element;
  readonly kind: 'integer' | 'float' | 'double';
}

/** Of the data set itself: an icon's pixels lie in an item of a sequence. Throws `image.no-pixels`, `image.damaged`. */
export function pixelDataElement({ dataSet }: DicomFile): PixelData {
  for (const [tag, kind] of Object.entries(pixelDataTags)) {
    const element = dataSet.elements[tag];
    if (element === undefined || element.length === 0) continue;
    const [contradiction] = dataSet.warnings;
    if (contradiction !== undefined) throw new AppError('image.damaged', contradiction);
    return { element, kind };
  }
  throw new AppError('image.no-pixels', 'the data set has no pixel data');
}
