// Data elements to their bytes (PS3.5 7): in ascending order, sequences and items with their lengths, encapsulated pixel
// data with its delimiter.

import { type DataElement, type Encoding, longVrs } from './element.ts';

const itemTag = 0xfffee000;
const sequenceEndTag = 0xfffee0dd;
const maxShortLength = 0xfffe;

/** Values are taken over as they are; one of odd length is padded (PS3.5 6.2). */
export function writeElements(elements: readonly DataElement[], encoding: Encoding): Uint8Array<ArrayBuffer> {
  return joinBytes(elementParts(elements, encoding));
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(lengthOf(parts));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function elementParts(elements: readonly DataElement[], encoding: Encoding): Uint8Array[] {
  const sorted = elements.toSorted((a, b) => a.tag - b.tag);
  return sorted.flatMap((element) => {
    const { value } = element;
    if (value.kind === 'fragments') {
      const parts = value.fragments.flatMap((fragment) => itemParts(padded(fragment, 'OB'), encoding));
      const end = header(sequenceEndTag, undefined, 0, encoding);
      return [header(element.tag, 'OB', 0xffffffff, encoding), ...parts, end];
    }
    const parts =
      value.kind === 'bytes'
        ? padded(value.bytes, element.vr)
        : value.items.flatMap((item) => itemParts(elementParts(item, encoding), encoding));
    return [header(element.tag, element.vr, lengthOf(parts), encoding), ...parts];
  });
}

function itemParts(parts: readonly Uint8Array[], encoding: Encoding): Uint8Array[] {
  return [header(itemTag, undefined, lengthOf(parts), encoding), ...parts];
}

const paddedBySpace: ReadonlySet<string> = new Set(
  'AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' '),
);

function padded(bytes: Uint8Array, vr: string): Uint8Array[] {
  if (bytes.length % 2 === 0) return [bytes];
  return [bytes, Uint8Array.of(paddedBySpace.has(vr) ? 0x20 : 0)];
}

/** Without a VR: an item or a delimiter, which have none in any encoding. */
function header(tag: number, vr: string | undefined, length: number, encoding: Encoding): Uint8Array {
  const out = new Uint8Array(12);
  const view = new DataView(out.buffer);
  const little = !encoding.bigEndian;
  view.setUint16(0, tag >>> 16, little);
  view.setUint16(2, tag & 0xffff, little);
  if (!encoding.explicit || vr === undefined) {
    view.setUint32(4, length, little);
    return out.subarray(0, 8);
  }
  // What is too long for 16 bits of length is written as UN (PS3.5 6.2.2).
  const stated = longVrs.has(vr) || length <= maxShortLength ? vr : 'UN';
  out.set([stated.charCodeAt(0), stated.charCodeAt(1)], 4);
  if (longVrs.has(stated)) {
    view.setUint32(8, length, little);
    return out;
  }
  view.setUint16(6, length, little);
  return out.subarray(0, 8);
}
