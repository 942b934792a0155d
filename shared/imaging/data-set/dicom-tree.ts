// A whole DICOM file as a tree of elements (PS3.10 7.1, PS3.5 A). As when decoding, the encoding of the data set is seen,
// not believed.

import { AppError } from '../../kernel/errors.ts';
import { inflateRaw } from '../codecs/inflate.ts';
import { nativeSyntaxes } from '../transfer-syntaxes.ts';
import { hasExplicitVr, hasPreamble, preambleBytes } from '../image-format.ts';
import type { DataElement, Encoding } from './element.ts';
import { readElements, type VrOf } from './read-elements.ts';

export interface DicomTree {
  /** Group 0002; empty where the file has none. Always explicit VR, little endian. */
  readonly meta: readonly DataElement[];
  readonly elements: readonly DataElement[];
  /** Of the data set. A deflated one is inflated. */
  readonly encoding: Encoding;
  /** As stated, or what the encoding looks like. */
  readonly transferSyntax: string;
  /** Why the rest of the file could not be read; `elements` has what came before. */
  readonly problem?: AppError;
}

const maxInflatedBytes = 256 * 1024 * 1024;
const metaEncoding: Encoding = { explicit: true, bigEndian: false };

/** Values are views into `bytes`, or into the inflated data set. @throws AppError `image.*` where no data set is found */
export function readDicomTree(bytes: Uint8Array, vrOf: VrOf): DicomTree {
  const start = hasPreamble(bytes) ? preambleBytes + 4 : 0;
  const metaEnd = endOfMeta(bytes, start);
  const meta: DataElement[] = [];
  readElements(bytes.subarray(0, metaEnd), start, metaEncoding, vrOf, meta);
  const stated = uidOf(meta, 0x00020010);
  const deflated = stated === nativeSyntaxes.deflated;
  const dataSet = deflated ? inflateRaw(bytes.subarray(metaEnd), maxInflatedBytes) : bytes;
  const at = deflated ? 0 : metaEnd;
  if (at + 8 > dataSet.length) throw new AppError('image.truncated', 'the file ends before its data set');
  const encoding = {
    explicit: hasExplicitVr(dataSet, at),
    bigEndian: dataSet[at] === 0 && dataSet[at + 1] !== 0,
  };
  const elements: DataElement[] = [];
  const tree = { meta, elements, encoding, transferSyntax: stated ?? seenSyntax(encoding) };
  try {
    readElements(dataSet, at, encoding, vrOf, elements);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { ...tree, problem: thrown };
  }
  return tree;
}

/** Where group 0002 ends; its stated length is often wrong. */
function endOfMeta(bytes: Uint8Array, start: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = start;
  while (position + 8 <= bytes.length && bytes[position] === 0x02 && bytes[position + 1] === 0x00) {
    const vr = String.fromCharCode(bytes[position + 4] ?? 0, bytes[position + 5] ?? 0);
    const long = /^(O[BW]|U[NT])$/.test(vr);
    if (long && position + 12 > bytes.length) break;
    position += long ? 12 + view.getUint32(position + 8, true) : 8 + view.getUint16(position + 6, true);
  }
  if (position > bytes.length) throw new AppError('image.truncated', 'the file ends in its meta information');
  return position;
}

function seenSyntax({ explicit, bigEndian }: Encoding): string {
  if (bigEndian) return nativeSyntaxes.explicitBigEndian;
  return explicit ? nativeSyntaxes.explicitLittleEndian : nativeSyntaxes.implicitLittleEndian;
}

function uidOf(elements: readonly DataElement[], tag: number): string | undefined {
  const value = elements.find((element) => element.tag === tag)?.value;
  if (value?.kind !== 'bytes') return undefined;
  const text = String.fromCharCode(...value.bytes.subarray(0, 64)).replace(/[\0 ]+$/, '');
  return text === '' ? undefined : text;
}
