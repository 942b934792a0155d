// The grayscale pipeline of PS3.4 N.2: stored values → modality LUT → VOI LUT → presentation, then 0 … 1.

import { AppError } from '../kernel/errors.ts';
import type { DicomHeader } from './dicom-header.ts';
import type { Palette } from './dicom-lut.ts';
import { grayOfColor } from './photometric.ts';
import type { Samples, StoredPixels } from './stored-pixels.ts';
import { applyModality, applyVoi, fullRange, lookUp, type LookupTable, type VoiLut } from './window-level.ts';

export function grayOfDicom(stored: StoredPixels, header: DicomHeader): Float32Array {
  if (stored.samplesPerPixel > 1) return grayOfColor(stored);
  const { palette } = header;
  if (palette !== undefined) return mapValues(stored.samples, (value) => lumaOfPalette(palette, value));
  const voi = header.voiLut ?? rangeOf(stored.samples, header);
  const [paddingFrom, paddingTo] = header.padding ?? [Infinity, -Infinity];
  return mapValues(stored.samples, (value) => {
    if (value >= paddingFrom && value <= paddingTo) return 0;
    const shown = applyVoi(voi, applyModality(header.modalityLut, value));
    return header.inverted ? 1 - shown : shown;
  });
}

function lumaOfPalette({ red, green, blue }: Palette, value: number): number {
  return 0.299 * share(red, value) + 0.587 * share(green, value) + 0.114 * share(blue, value);
}

function share(table: LookupTable, value: number): number {
  return lookUp(table, value) / (2 ** table.bitsPerEntry - 1);
}

/** Padding is no part of the picture and must not stretch its range (PS3.3 C.7.5.1.1.2). */
function rangeOf(samples: Samples, { padding, modalityLut }: DicomHeader): VoiLut {
  const [paddingFrom, paddingTo] = padding ?? [Infinity, -Infinity];
  let min = Infinity;
  let max = -Infinity;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index] ?? 0;
    if ((value >= paddingFrom && value <= paddingTo) || !Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return fullRange(0, 0);
  const ends = [applyModality(modalityLut, min), applyModality(modalityLut, max)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (!Number.isFinite(high - low))
    throw new AppError('image.damaged', `values rescaled to ${low} … ${high}`);
  return fullRange(low, high);
}

/** `transform` once for each of the up to 65,536 values, then one look-up for each pixel. */
function mapValues(samples: Samples, transform: (value: number) => number): Float32Array {
  const gray = new Float32Array(samples.length);
  if (samples.BYTES_PER_ELEMENT > 2) {
    // Fractions may be no numbers: there is nothing to show.
    for (let index = 0; index < samples.length; index += 1) gray[index] = transform(samples[index]!) || 0;
    return gray;
  }
  // A signed sample indexes the table by its bit pattern, so that one table serves both signs.
  const mask = samples.BYTES_PER_ELEMENT === 1 ? 0xff : 0xffff;
  const shift = samples.BYTES_PER_ELEMENT === 1 ? 24 : 16;
  const signed = samples instanceof Int8Array || samples instanceof Int16Array;
  const table = new Float32Array(mask + 1);
  for (let bits = 0; bits <= mask; bits += 1)
    table[bits] = transform(signed ? (bits << shift) >> shift : bits);
  for (let index = 0; index < samples.length; index += 1)
    gray[index] = table[(samples[index] ?? 0) & mask] ?? 0;
  return gray;
}
