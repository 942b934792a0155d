// The elements of a data set (PS3.5 7), made into dicom-parser's DataSet. Files in the wild state wrong VRs, mix implicit
// and explicit encoding and lie about lengths, and hostile ones nest sequences by the hundred thousand: so every byte is
// looked at once, depth and number of elements are bounded, and nothing is searched for.

import dicomParser from 'dicom-parser';
import type { ByteArrayParser, DataSet, Element } from 'dicom-parser';
import { AppError } from '../kernel/errors.ts';
import { longVrs } from './data-set/element.ts';
import { hasExplicitVr } from './image-format.ts';

/** Structured reports go down about ten levels. */
const maxDepth = 48;
const maxElements = 400_000;
const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const pixelData = 0x7fe00010;

interface Header {
  readonly tag: number;
  readonly vr: string | undefined;
  readonly length: number;
  readonly dataOffset: number;
}

export class ElementReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #parser: ByteArrayParser;
  #elements = 0;

  constructor(bytes: Uint8Array, bigEndian: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = !bigEndian;
    this.#parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  }

  /** Elements from `start` on, to the pixel data or the end. Throws `image.truncated`, `image.damaged`, `image.too-large`. */
  readDataSet(start: number): DataSet {
    return this.#readElements(start, this.#bytes.length, hasExplicitVr(this.#bytes, start), 0).dataSet;
  }

  /** File meta information: elements of group 0002, whose stated length is often wrong. Ends at the first other one. */
  readMeta(start: number): { readonly dataSet: DataSet; readonly end: number } {
    const dataSet = this.#emptyDataSet();
    let position = start;
    while (position + 8 <= this.#bytes.length && this.#view.getUint16(position, true) === 2) {
      const header = this.#readHeader(position, hasExplicitVr(this.#bytes, position));
      position = header.dataOffset + header.length;
      if (position > this.#bytes.length)
        throw new AppError('image.truncated', 'the file ends inside its meta information');
      add(dataSet, elementOf(header));
    }
    return { dataSet, end: position };
  }

  /** Items take as much memory as elements, and eight bytes of the file are enough for one. */
  #count(): void {
    this.#elements += 1;
    if (this.#elements > maxElements)
      throw new AppError('image.too-large', `more than ${maxElements} elements`);
  }

  #emptyDataSet(): DataSet {
    const dataSet = new dicomParser.DataSet(this.#parser, this.#bytes, {});
    // The library declares them and leaves them to its own reader.
    dataSet.warnings = [];
    return dataSet;
  }

  /** @returns also the position behind the last element, or behind the delimiter that ends an item */
  #readElements(
    start: number,
    end: number,
    explicit: boolean,
    depth: number,
  ): { dataSet: DataSet; end: number } {
    if (depth > maxDepth) throw new AppError('image.damaged', `sequences nested deeper than ${maxDepth}`);
    const dataSet = this.#emptyDataSet();
    let position = start;
    let last = 0;
    while (position + 8 <= end) {
      const header = this.#readHeader(position, explicit);
      const { tag, vr, length, dataOffset } = header;
      if (tag === itemEnd) return { dataSet, end: position + 8 };
      if (tag === sequenceEnd) return { dataSet, end: position };
      this.#count();
      const element = elementOf(header);
      if (tag === pixelData && depth === 0) {
        // Whether its bytes are all there is asked by whoever reads them.
        element.length = length === undefinedLength ? end - dataOffset : length;
        add(dataSet, element);
        return { dataSet, end };
      }
      if (length === undefinedLength) {
        position = this.#readItems(element, dataOffset, end, explicit && vr !== 'UN', depth);
      } else if (length > end - dataOffset) {
        // A VR that is no VR, or a tag below the last one (PS3.5 7.1): the reader has lost its way, and what it has found
        // is all there is.
        if ((explicit && !isVr(vr)) || tag < last) return { dataSet, end };
        throw new AppError(
          'image.truncated',
          `element ${element.tag} reaches beyond the end of its data set`,
        );
      } else {
        position = dataOffset + length;
        if (vr === 'SQ' && decidesDisplay(tag))
          this.#readItems(element, dataOffset, position, explicit, depth);
        else if (vr === 'SQ') this.#tryItems(element, dataOffset, position, explicit, depth);
        else if (vr === undefined && this.#startsWithItem(dataOffset, position) && (tag >>> 16) % 2 === 0)
          this.#tryItems(element, dataOffset, position, false, depth);
      }
      add(dataSet, element);
      last = tag;
    }
    return { dataSet, end: position };
  }

  /**
   * A sequence of stated length that cannot be read stays closed: its end is known. Implicit VR does not even say what is
   * a sequence.
   */
  #tryItems(element: Element, start: number, end: number, explicit: boolean, depth: number): void {
    try {
      this.#readItems(element, start, end, explicit, depth);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code === 'image.too-large') throw thrown;
      delete element.items;
    }
  }

  #startsWithItem(start: number, end: number): boolean {
    return start + 8 <= end && this.#tag(start) === itemTag;
  }

  /** Items (PS3.5 7.5) into `element`; @returns the position behind them. Fragments, as of an icon's pixels, are skipped. */
  #readItems(element: Element, start: number, end: number, explicit: boolean, depth: number): number {
    const isOpaque = element.vr !== undefined && element.vr !== 'SQ' && element.vr !== 'UN';
    const items: Element[] = [];
    let position = start;
    while (position + 8 <= end) {
      const tag = this.#tag(position);
      const length = this.#view.getUint32(position + 4, this.#littleEndian);
      const dataOffset = position + 8;
      if (tag === sequenceEnd) {
        position = dataOffset;
        break;
      }
      if (tag !== itemTag) throw new AppError('image.damaged', `no item in the sequence ${element.tag}`);
      const itemBytesEnd = length === undefinedLength ? end : dataOffset + length;
      if (itemBytesEnd > end) throw new AppError('image.truncated', `an item of ${element.tag} is cut`);
      this.#count();
      if (isOpaque) position = itemBytesEnd;
      else {
        const isExplicit = explicit && this.#isExplicitItem(dataOffset, itemBytesEnd);
        const inner = this.#readElements(dataOffset, itemBytesEnd, isExplicit, depth + 1);
        position = length === undefinedLength ? inner.end : itemBytesEnd;
        items.push({ tag: 'xfffee000', length: position - dataOffset, dataOffset, dataSet: inner.dataSet });
      }
    }
    if (!isOpaque) element.items = items;
    if (element.length === undefinedLength) element.length = position - start;
    return position;
  }

  /** Some programs write implicit items into explicit data sets. */
  #isExplicitItem(start: number, end: number): boolean {
    return end - start < 8 || this.#tag(start) >>> 16 === 0xfffe || hasExplicitVr(this.#bytes, start);
  }

  #readHeader(position: number, explicit: boolean): Header {
    const tag = this.#tag(position);
    if (tag >>> 16 === 0xfffe || !explicit || this.#isImplicitAmongExplicit(position))
      return this.#header(
        tag,
        undefined,
        position + 8,
        this.#view.getUint32(position + 4, this.#littleEndian),
      );
    const vr = String.fromCharCode(this.#bytes[position + 4] ?? 0, this.#bytes[position + 5] ?? 0);
    if (!longVrs.has(vr))
      return this.#header(tag, vr, position + 8, this.#view.getUint16(position + 6, this.#littleEndian));
    if (position + 12 > this.#bytes.length)
      throw new AppError('image.truncated', 'the file ends inside the header of an element');
    return this.#header(tag, vr, position + 12, this.#view.getUint32(position + 8, this.#littleEndian));
  }

  #header(tag: number, vr: string | undefined, dataOffset: number, length: number): Header {
    return { tag, vr, length, dataOffset };
  }

  /** Where capitals should name the VR there is a plausible length of 32 bits; blanks stand for an unknown VR. */
  #isImplicitAmongExplicit(position: number): boolean {
    if (hasExplicitVr(this.#bytes, position) || this.#bytes[position + 4] === 0x20) return false;
    const length = this.#view.getUint32(position + 4, this.#littleEndian);
    return length < 0x10000 && length <= this.#bytes.length - position - 8;
  }

  #tag(position: number): number {
    const group = this.#view.getUint16(position, this.#littleEndian);
    return group * 0x10000 + this.#view.getUint16(position + 2, this.#littleEndian);
  }
}

/** Lookup tables are in groups 0028 and 2050: a damaged one must not be passed over. */
function decidesDisplay(tag: number): boolean {
  return tag >>> 16 === 0x0028 || tag >>> 16 === 0x2050;
}

function isVr(vr: string | undefined): boolean {
  return vr !== undefined && /^[A-Z]{2}$/.test(vr);
}

function elementOf({ tag, vr, length, dataOffset }: Header): Element {
  const name = `x${tag.toString(16).padStart(8, '0')}`;
  return {
    tag: name,
    length,
    dataOffset,
    ...(vr !== undefined && { vr }),
    ...(length === undefinedLength && { hadUndefinedLength: true }),
  };
}

/**
 * Of two elements with one tag the last counts, as in pydicom; DCMTK takes the first. Where they would show two pictures
 * neither is believed: `warnings` names them, and no picture is made of such a data set.
 */
function add(dataSet: DataSet, element: Element): void {
  const before = dataSet.elements[element.tag];
  if (before !== undefined && decidesDisplay(Number(`0${element.tag}`)) && !isSame(dataSet, before, element))
    dataSet.warnings.push(`${element.tag} is stated twice, with two values`);
  dataSet.elements[element.tag] = element;
}

function isSame({ byteArray }: DataSet, one: Element, other: Element): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (byteArray[one.dataOffset + index] !== byteArray[other.dataOffset + index]) return false;
  }
  return true;
}
