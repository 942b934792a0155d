// The outer layers of a DICOM file: preamble and file meta information (PS3.10 7.1), deflate (PS3.5 A.5), then the data
// set up to its pixel data. The encoding of the data set is seen, not believed: files state a wrong transfer syntax, or
// none. dicom-parser reads the elements; what it throws is translated by decodeImage.

import dicomParser from 'dicom-parser';
import type { DataSet, Element } from 'dicom-parser';
import { AppError } from '../kernel/errors.ts';
import { inflateRaw } from './codecs/inflate.ts';
import { hasExplicitVr, hasPreamble, preambleBytes } from './image-format.ts';

export const transferSyntaxes = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
} as const;

export interface DicomFile {
  /** What the offsets of the elements refer to: the file, or the inflated data set. */
  readonly bytes: Uint8Array;
  readonly dataSet: DataSet;
  readonly transferSyntax: string;
  readonly bigEndian: boolean;
}

const maxInflatedBytes = 256 * 1024 * 1024;
const pixelDataTag = 'x7fe00010';

/** Throws `image.*` and what dicom-parser throws at a damaged header; a data set without pixels is returned as it is. */
export function openDicom(fileBytes: Uint8Array): DicomFile {
  const metaStart = hasPreamble(fileBytes) ? preambleBytes + 4 : 0;
  const meta = readMeta(fileBytes, metaStart);
  const stated = meta.dataSet.string('x00020010');
  if (stated !== transferSyntaxes.deflated) return readDataSet(fileBytes, meta.end, stated);
  return readDataSet(inflateRaw(fileBytes.subarray(meta.end), maxInflatedBytes), 0, stated);
}

/** Always explicit little endian (PS3.10 7.1); ends where group 0002 ends, because its stated length is often wrong. */
function readMeta(bytes: Uint8Array, start: number): { dataSet: DataSet; end: number } {
  const dataSet = new dicomParser.DataSet(dicomParser.littleEndianByteArrayParser, bytes, {});
  let end = start;
  while (bytes[end] === 0x02 && bytes[end + 1] === 0x00) {
    const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, end);
    const element = hasExplicitVr(bytes, end)
      ? dicomParser.readDicomElementExplicit(stream, dataSet.warnings)
      : dicomParser.readDicomElementImplicit(stream);
    dataSet.elements[element.tag] = element;
    end = stream.position;
  }
  if (end + 8 > bytes.length) throw new AppError('image.truncated', 'the file ends before its data set');
  return { dataSet, end };
}

function readDataSet(bytes: Uint8Array, start: number, stated: string | undefined): DicomFile {
  const bigEndian = bytes[start] === 0 && bytes[start + 1] !== 0;
  const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  const explicit = hasExplicitVr(bytes, start);
  const dataSet = new dicomParser.DataSet(parser, bytes, {});
  const stream = new dicomParser.ByteStream(parser, bytes, start);
  const options = { untilTag: pixelDataTag };
  if (explicit) dicomParser.parseDicomDataSetExplicit(dataSet, stream, bytes.length, options);
  else dicomParser.parseDicomDataSetImplicit(dataSet, stream, bytes.length, options);
  return { bytes, dataSet, bigEndian, transferSyntax: stated ?? seenSyntax(explicit, bigEndian) };
}

function seenSyntax(explicit: boolean, bigEndian: boolean): string {
  if (bigEndian) return transferSyntaxes.explicitBigEndian;
  return explicit ? transferSyntaxes.explicitLittleEndian : transferSyntaxes.implicitLittleEndian;
}

export function pixelDataElement({ dataSet }: DicomFile): Element {
  const element = dataSet.elements[pixelDataTag];
  if (element !== undefined && element.length > 0) return element;
  if ('x7fe00008' in dataSet.elements || 'x7fe00009' in dataSet.elements) {
    throw new AppError('image.unsupported', 'floating-point pixel data');
  }
  throw new AppError('image.no-pixels', 'the data set has no pixel data');
}
