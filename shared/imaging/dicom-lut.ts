// The grey transformations that a data set states: Modality LUT module (PS3.3 C.11.1), VOI LUT module (C.11.2), padding
// (C.7.5.1.1.2), palette (C.7.6.3.1.5, .6). A LUT descriptor is: number of entries (0 means 65,536), first value mapped,
// bits per entry.

import type { DataSet } from 'dicom-parser';
import { AppError } from '../kernel/errors.ts';
import { expandSegments } from './segmented-palette.ts';
import {
  isUsableWindow,
  type LookupTable,
  type ModalityLut,
  type VoiLut,
  type Window,
} from './window-level.ts';

export interface Palette {
  readonly red: LookupTable;
  readonly green: LookupTable;
  readonly blue: LookupTable;
}

export function readModalityLut(dataSet: DataSet, signed: boolean): ModalityLut {
  const item = dataSet.elements['x00283000']?.items?.[0]?.dataSet;
  if (item !== undefined) return { kind: 'table', table: readTable(item, 'x00283002', 'x00283006', signed) };
  const slope = dataSet.floatString('x00281053');
  const intercept = dataSet.floatString('x00281052');
  const usable = slope !== undefined && slope !== 0 && Number.isFinite(slope);
  return {
    kind: 'linear',
    slope: usable ? slope : 1,
    intercept: Number.isFinite(intercept) ? (intercept ?? 0) : 0,
  };
}

/** The VOI LUT Sequence before windows, and of several only the first, which is the one to show first (C.11.2.1.1). */
export function readVoiLut(dataSet: DataSet, modality: ModalityLut, signed: boolean): VoiLut | undefined {
  const item = dataSet.elements['x00283010']?.items?.[0]?.dataSet;
  if (item !== undefined) {
    const signedInput = modality.kind === 'linear' && (signed || modality.intercept < 0);
    return { kind: 'table', table: readTable(item, 'x00283002', 'x00283006', signedInput) };
  }
  const center = dataSet.floatString('x00281050');
  const width = dataSet.floatString('x00281051');
  if (center === undefined || width === undefined) return undefined;
  const window: Window = { kind: 'window', center, width, function: readFunction(dataSet) };
  return isUsableWindow(window) ? window : undefined;
}

function readFunction(dataSet: DataSet): Window['function'] {
  const stated = dataSet.string('x00281056');
  return stated === 'LINEAR_EXACT' || stated === 'SIGMOID' ? stated : 'LINEAR';
}

/** The closed range of stored values that are no picture. */
export function readPadding(dataSet: DataSet, signed: boolean): readonly [number, number] | undefined {
  const read = signed ? dataSet.int16 : dataSet.uint16;
  const value = read.call(dataSet, 'x00280120');
  if (value === undefined) return undefined;
  const limit = read.call(dataSet, 'x00280121') ?? value;
  return value < limit ? [value, limit] : [limit, value];
}

export function readPalette(dataSet: DataSet, signed: boolean): Palette {
  if ('x00281221' in dataSet.elements) {
    return {
      red: readSegmentedTable(dataSet, 'x00281101', 'x00281221', signed),
      green: readSegmentedTable(dataSet, 'x00281102', 'x00281222', signed),
      blue: readSegmentedTable(dataSet, 'x00281103', 'x00281223', signed),
    };
  }
  return {
    red: readTable(dataSet, 'x00281101', 'x00281201', signed),
    green: readTable(dataSet, 'x00281102', 'x00281202', signed),
    blue: readTable(dataSet, 'x00281103', 'x00281203', signed),
  };
}

/** C.7.9.2; the units of the segments are as wide as the entries. */
function readSegmentedTable(
  dataSet: DataSet,
  descriptorTag: string,
  dataTag: string,
  signedInput: boolean,
): LookupTable {
  const length = dataSet.uint16(descriptorTag, 0);
  const signed = signedInput || dataSet.elements[descriptorTag]?.vr === 'SS';
  const firstMapped = signed ? dataSet.int16(descriptorTag, 1) : dataSet.uint16(descriptorTag, 1);
  const bitsPerEntry = dataSet.uint16(descriptorTag, 2);
  const data = dataSet.elements[dataTag];
  if (length === undefined || firstMapped === undefined || data === undefined)
    throw new AppError('image.damaged', `the lookup table ${dataTag} is incomplete`);
  if (bitsPerEntry !== 8 && bitsPerEntry !== 16)
    throw new AppError('image.damaged', `the lookup table ${dataTag} has entries of ${bitsPerEntry} bits`);
  const bytes = dataSet.byteArray.subarray(data.dataOffset, data.dataOffset + data.length);
  const units =
    bitsPerEntry === 8
      ? bytes
      : Uint16Array.from({ length: bytes.length >> 1 }, (_, index) => dataSet.uint16(dataTag, index) ?? 0);
  const entries = expandSegments(units, length === 0 ? 65536 : length, bitsPerEntry === 8 ? 1 : 2);
  return { firstMapped, bitsPerEntry, entries };
}

function readTable(
  dataSet: DataSet,
  descriptorTag: string,
  dataTag: string,
  signedInput: boolean,
): LookupTable {
  const length = dataSet.uint16(descriptorTag, 0);
  const signed = signedInput || dataSet.elements[descriptorTag]?.vr === 'SS';
  const firstMapped = signed ? dataSet.int16(descriptorTag, 1) : dataSet.uint16(descriptorTag, 1);
  const bitsPerEntry = dataSet.uint16(descriptorTag, 2);
  const data = dataSet.elements[dataTag];
  if (length === undefined || firstMapped === undefined || bitsPerEntry === undefined || data === undefined) {
    throw new AppError('image.damaged', `the lookup table ${dataTag} is incomplete`);
  }
  if (bitsPerEntry < 8 || bitsPerEntry > 16)
    throw new AppError('image.damaged', `the lookup table ${dataTag} has entries of ${bitsPerEntry} bits`);
  const entries = new Uint16Array(length === 0 ? 65536 : length);
  // Entries come one to a 16-bit word, those of 8 bits also one to a byte and then padded to even length.
  const wide = data.length >= 2 * entries.length;
  const packed =
    bitsPerEntry === 8 &&
    data.length >= entries.length &&
    data.length <= entries.length + (entries.length % 2);
  if (!wide && !packed) throw new AppError('image.truncated', `the lookup table ${dataTag} is cut`);
  const white = 2 ** bitsPerEntry - 1;
  for (let index = 0; index < entries.length; index += 1) {
    const entry = (wide ? dataSet.uint16(dataTag, index) : dataSet.byteArray[data.dataOffset + index]) ?? 0;
    // Either the entry or the stated white is wrong; a picture from either guess could be taken for a finding.
    if (entry > white)
      throw new AppError('image.damaged', `the lookup table ${dataTag} holds ${entry}, white is ${white}`);
    entries[index] = entry;
  }
  return { firstMapped, bitsPerEntry, entries };
}
