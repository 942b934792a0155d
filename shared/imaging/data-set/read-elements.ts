// Data elements from their bytes (PS3.5 7): every byte of the range belongs to an element that was understood, or the
// reading stops with an error. Offsets are never trusted beyond the range, and nothing is allocated by a stated length.

import { AppError } from '../../kernel/errors.ts';
import { type DataElement, type Encoding, longVrs, pixelDataTag, shortVrs, tagText } from './element.ts';

/** The VR by the data dictionary. */
export type VrOf = (tag: number) => string | undefined;

const itemTag = 0xfffee000;
const itemEndTag = 0xfffee00d;
const sequenceEndTag = 0xfffee0dd;
const undefinedLength = 0xffffffff;
/** No image nests deeper than ten; hostile files nest until the stack ends. */
const maxDepth = 32;
const maxElements = 500_000;

interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly vrOf: VrOf;
  position: number;
  elements: number;
}

/**
 * The elements from `start` to the end of `bytes`, added to `into` one by one, so that what came before damage is there.
 * @throws AppError `image.damaged`, `image.truncated`
 */
export function readElements(
  bytes: Uint8Array,
  start: number,
  encoding: Encoding,
  vrOf: VrOf,
  into: DataElement[],
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor: Cursor = { bytes, view, vrOf, position: start, elements: 0 };
  // Some writers fill up their last block.
  const filled = lengthWithoutZeros(bytes);
  while (cursor.position < filled) {
    into.push(readElement(cursor, bytes.length, encoding, 0));
  }
}

function lengthWithoutZeros(bytes: Uint8Array): number {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return length;
}

/** Elements, items and fragments alike take memory, and none of them needs more than eight bytes of the file. */
function count(cursor: Cursor): void {
  cursor.elements += 1;
  if (cursor.elements > maxElements) throw new AppError('image.damaged', 'too many data elements');
}

function readElement(cursor: Cursor, end: number, encoding: Encoding, depth: number): DataElement {
  count(cursor);
  const tag = readTag(cursor, end, encoding);
  if (tag >>> 16 === 0xfffe) throw new AppError('image.damaged', `a delimiter ${tagText(tag)} out of place`);
  const { vr, length } = encoding.explicit
    ? readExplicitHeader(cursor, end, encoding, tag)
    : { vr: cursor.vrOf(tag) ?? 'UN', length: readLength(cursor, end, encoding) };
  if (tag === pixelDataTag && length === undefinedLength) {
    return { tag, vr, value: { kind: 'fragments', fragments: readFragments(cursor, end, encoding) } };
  }
  if (vr === 'SQ' || length === undefinedLength) {
    if (vr !== 'SQ' && vr !== 'UN')
      throw new AppError('image.damaged', `${tagText(tag)} has VR ${vr} and no length`);
    // A sequence whose VR is unknown is written in implicit VR, little endian (PS3.5 6.2.2).
    const inner = vr === 'UN' ? { explicit: false, bigEndian: false } : encoding;
    return { tag, vr: 'SQ', value: { kind: 'items', items: readItems(cursor, end, length, inner, depth) } };
  }
  return { tag, vr, value: { kind: 'bytes', bytes: take(cursor, end, length, tag) } };
}

function readExplicitHeader(cursor: Cursor, end: number, encoding: Encoding, tag: number) {
  need(cursor, end, 4);
  const { bytes, position } = cursor;
  const vr = String.fromCharCode(bytes[position] ?? 0, bytes[position + 1] ?? 0);
  if (shortVrs.has(vr)) {
    const length = cursor.view.getUint16(position + 2, !encoding.bigEndian);
    cursor.position += 4;
    return { vr, length };
  }
  if (!longVrs.has(vr)) throw new AppError('image.damaged', `${tagText(tag)} has no VR that exists`);
  cursor.position += 4;
  return { vr, length: readLength(cursor, end, encoding) };
}

function readItems(
  cursor: Cursor,
  outerEnd: number,
  length: number,
  encoding: Encoding,
  depth: number,
): (readonly DataElement[])[] {
  if (depth >= maxDepth) throw new AppError('image.damaged', `sequences nested deeper than ${maxDepth}`);
  const end = endOf(cursor, outerEnd, length);
  const items: (readonly DataElement[])[] = [];
  while (cursor.position < end) {
    const tag = readTag(cursor, end, encoding);
    const itemLength = readLength(cursor, end, encoding);
    if (tag === sequenceEndTag && length === undefinedLength) return items;
    if (tag !== itemTag)
      throw new AppError('image.damaged', `${tagText(tag)} where an item of a sequence belongs`);
    count(cursor);
    items.push(readItem(cursor, end, itemLength, encoding, depth + 1));
  }
  if (length === undefinedLength) throw new AppError('image.truncated', 'the file ends inside a sequence');
  return items;
}

function readItem(
  cursor: Cursor,
  outerEnd: number,
  length: number,
  encoding: Encoding,
  depth: number,
): DataElement[] {
  const end = endOf(cursor, outerEnd, length);
  const elements: DataElement[] = [];
  while (cursor.position < end) {
    if (length === undefinedLength && peekTag(cursor, end, encoding) === itemEndTag) {
      cursor.position += 4;
      readLength(cursor, end, encoding);
      return elements;
    }
    elements.push(readElement(cursor, end, encoding, depth));
  }
  if (length === undefinedLength) throw new AppError('image.truncated', 'the file ends inside an item');
  return elements;
}

function readFragments(cursor: Cursor, end: number, encoding: Encoding): Uint8Array[] {
  const fragments: Uint8Array[] = [];
  while (cursor.position < end) {
    const tag = readTag(cursor, end, encoding);
    const length = readLength(cursor, end, encoding);
    if (tag === sequenceEndTag) return fragments;
    if (tag !== itemTag)
      throw new AppError('image.damaged', 'something else than a fragment in the pixel data');
    count(cursor);
    fragments.push(take(cursor, end, length, pixelDataTag));
  }
  throw new AppError('image.truncated', 'the file ends inside the pixel data');
}

function readTag(cursor: Cursor, end: number, encoding: Encoding): number {
  const tag = peekTag(cursor, end, encoding);
  cursor.position += 4;
  return tag;
}

function peekTag(cursor: Cursor, end: number, { bigEndian }: Encoding): number {
  need(cursor, end, 4);
  const group = cursor.view.getUint16(cursor.position, !bigEndian);
  return group * 0x10000 + cursor.view.getUint16(cursor.position + 2, !bigEndian);
}

function readLength(cursor: Cursor, end: number, { bigEndian }: Encoding): number {
  need(cursor, end, 4);
  const length = cursor.view.getUint32(cursor.position, !bigEndian);
  cursor.position += 4;
  return length;
}

function endOf(cursor: Cursor, outerEnd: number, length: number): number {
  if (length === undefinedLength) return outerEnd;
  need(cursor, outerEnd, length);
  return cursor.position + length;
}

function take(cursor: Cursor, end: number, length: number, tag: number): Uint8Array {
  if (cursor.position + length > end)
    throw new AppError('image.truncated', `the value of ${tagText(tag)} is longer than what is left`);
  const value = cursor.bytes.subarray(cursor.position, cursor.position + length);
  cursor.position += length;
  return value;
}

function need(cursor: Cursor, end: number, count: number): void {
  if (cursor.position + count > end) throw new AppError('image.truncated', 'the data set ends too early');
}
