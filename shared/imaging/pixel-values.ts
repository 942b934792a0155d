// What the numbers of a picture are, pixel by pixel as it is shown: the output of the modality LUT (PS3.3 C.11.1), which
// is what a probe reads and a window refers to. Of JPEG, PNG and colour pictures: the grey level.

import type { DecodedImage } from './decode-image.ts';
import type { GrayImage } from './gray-image.ts';
import type { Samples, StoredPixels } from './stored-pixels.ts';
import { applyModality, type ModalityLut, type VoiLut } from './window-level.ts';

/** A closed range of values. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

export interface PixelValues {
  readonly width: number;
  readonly height: number;
  /** Row-major, one a pixel of the shown picture. */
  readonly samples: Samples;
  readonly modalityLut: ModalityLut;
  /** Closed range of samples that are no picture. */
  readonly padding?: readonly [number, number] | undefined;
  /** The smallest value is white. */
  readonly inverted: boolean;
  /** Of all samples but padding. */
  readonly range: ValueRange;
  /** What the file shows from black to white, where that is a straight line between two values. */
  readonly shown?: ValueRange | undefined;
}

/** Rows and columns of pixels, first and last included. */
export interface PixelRegion {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface RegionStatistics {
  readonly mean: number;
  /** Standard deviation of these pixels themselves (divided by their number). */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
  /** Pixels without padding. */
  readonly count: number;
}

const identity: ModalityLut = { kind: 'linear', slope: 1, intercept: 0 };

/** @param decoded what `decodeImage` returned; the samples may be its own */
export function pixelValues(decoded: Pick<DecodedImage, 'image' | 'stored' | 'header'>): PixelValues {
  const { image, stored, header } = decoded;
  const { width, height } = image;
  if (header === undefined || stored.samplesPerPixel > 1 || header.palette !== undefined) {
    const white = stored.bitsStored > 8 ? 0xffff : 0xff;
    const whole = { low: 0, high: white };
    const samples = greyLevels(image, white);
    return { width, height, samples, modalityLut: identity, inverted: false, range: whole, shown: whole };
  }
  const { modalityLut, padding, inverted, voiLut } = header;
  const samples = samplesAsShown(stored, width, height);
  const range = rangeOf(samples, modalityLut, padding);
  return { width, height, samples, modalityLut, padding, inverted, range, shown: shownRange(voiLut, range) };
}

function greyLevels({ pixels }: GrayImage, white: number): Uint8Array | Uint16Array {
  const levels = white > 0xff ? new Uint16Array(pixels.length) : new Uint8Array(pixels.length);
  for (let index = 0; index < levels.length; index += 1) levels[index] = pixels[index]! * white + 0.5;
  return levels;
}

/** Where the picture was stretched to square pixels: the sample that lies under each, so that no value is made up. */
function samplesAsShown({ samples, rows, columns }: StoredPixels, width: number, height: number): Samples {
  if (rows === height && columns === width) return samples;
  const shown = samples.slice(0, 0).constructor as new (length: number) => Samples;
  const out = new shown(width * height);
  for (let y = 0, write = 0; y < height; y += 1) {
    const row = Math.min(rows - 1, Math.floor(((y + 0.5) * rows) / height)) * columns;
    for (let x = 0; x < width; x += 1, write += 1) {
      out[write] = samples[row + Math.min(columns - 1, Math.floor(((x + 0.5) * columns) / width))] ?? 0;
    }
  }
  return out;
}

/** Of a rising or falling line the ends suffice; a table may do anything between them. */
function rangeOf(samples: Samples, lut: ModalityLut, padding: PixelValues['padding']): ValueRange {
  const [from, to] = padding ?? [Infinity, -Infinity];
  let low = Infinity;
  let high = -Infinity;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index]!;
    if ((sample >= from && sample <= to) || !Number.isFinite(sample)) continue;
    if (lut.kind === 'linear') {
      if (sample < lowest) lowest = sample;
      if (sample > highest) highest = sample;
      continue;
    }
    const value = applyModality(lut, sample);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (lut.kind === 'linear' && lowest <= highest) {
    const ends = [applyModality(lut, lowest), applyModality(lut, highest)];
    return { low: Math.min(...ends), high: Math.max(...ends) };
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** The two values between which C.11.2.1.2.1 and C.11.2.1.3.2 draw their line. Without a VOI LUT that is the whole range. */
function shownRange(voi: VoiLut | undefined, range: ValueRange): ValueRange | undefined {
  if (voi === undefined) return range.low < range.high ? range : undefined;
  if (voi.kind === 'table' || voi.function === 'SIGMOID') return undefined;
  const [middle, width] =
    voi.function === 'LINEAR' ? [voi.center - 0.5, voi.width - 1] : [voi.center, voi.width];
  return width > 0 ? { low: middle - width / 2, high: middle + width / 2 } : undefined;
}

function isPadding({ padding }: PixelValues, sample: number): boolean {
  return padding !== undefined && sample >= padding[0] && sample <= padding[1];
}

/** Undefined outside the picture and in padding. */
export function valueAt(values: PixelValues, x: number, y: number): number | undefined {
  if (x < 0 || y < 0 || x >= values.width || y >= values.height) return undefined;
  const sample = values.samples[y * values.width + x]!;
  return isPadding(values, sample) ? undefined : applyModality(values.modalityLut, sample);
}

/** Undefined where the region holds no pixel of the picture. Outside the picture it is cut off. */
export function regionStatistics(values: PixelValues, region: PixelRegion): RegionStatistics | undefined {
  const left = Math.max(0, region.left);
  const right = Math.min(values.width - 1, region.right);
  const bottom = Math.min(values.height - 1, region.bottom);
  let count = 0;
  let mean = 0;
  // Welford's: sums of squares of large values would lose the deviation.
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let y = Math.max(0, region.top); y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const sample = values.samples[y * values.width + x]!;
      if (isPadding(values, sample)) continue;
      const value = applyModality(values.modalityLut, sample);
      count += 1;
      const off = value - mean;
      mean += off / count;
      squares += off * (value - mean);
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return count === 0 ? undefined : { mean, deviation: Math.sqrt(squares / count), min, max, count };
}
