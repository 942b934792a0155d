import type { DataElement } from './element.ts';

/** Bytes of the units that change their order between big and little endian (PS3.5 7.3); other VRs are bytes or text. */
const unitBytes: Readonly<Record<string, number>> = {
  AT: 2,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};

/** The elements of a big-endian data set for a little-endian one, and the other way round. */
export function inOtherByteOrder(elements: readonly DataElement[]): DataElement[] {
  return elements.map((element) => {
    const { tag, vr, value } = element;
    if (value.kind === 'items')
      return { tag, vr, value: { kind: 'items', items: value.items.map(inOtherByteOrder) } };
    const unit = unitBytes[vr] ?? 1;
    if (value.kind === 'fragments' || unit === 1) return element;
    const swapped = value.bytes.slice();
    for (let at = 0; at + unit <= swapped.length; at += unit) swapped.subarray(at, at + unit).reverse();
    return { tag, vr, value: { kind: 'bytes', bytes: swapped } };
  });
}
