// What makes two files the same picture: the decoded stored values and what decides their display. A file that was
// de-identified or stored in another way without loss keeps its identity; masked, cropped or windowed otherwise it is
// another picture.

import type { Sha256 } from '../kernel/hash.ts';
import type { DicomHeader } from './dicom-header.ts';
import type { LookupTable } from './window-level.ts';
import type { Samples, StoredPixels } from './stored-pixels.ts';

/**
 * How many bits a file spends on a value does not count, and neither does the order of its bytes.
 * @returns SHA-256, lower-case hex, of one frame and how it is to be shown
 */
export async function imageIdentity(
  { samples, ...stored }: StoredPixels,
  header: DicomHeader | undefined,
  sha256: Sha256,
): Promise<string> {
  const { rows, columns, samplesPerPixel, photometricInterpretation } = stored;
  const values = await sha256(narrowest(samples));
  // The order of the fields is part of the identity.
  const description = JSON.stringify([
    'fieldray image 1',
    [rows, columns, samplesPerPixel, kindOf(photometricInterpretation)],
    values,
    header === undefined ? null : displayText(header),
  ]);
  return sha256(Uint8Array.from(description, (character) => character.charCodeAt(0)));
}

/** MONOCHROME1 with the values as they are and MONOCHROME2 shown inversely are one picture: `inverted` tells them apart. */
function kindOf(photometricInterpretation: string): string {
  return photometricInterpretation.startsWith('MONOCHROME') ? 'MONOCHROME' : photometricInterpretation;
}

/** How a picture is to be shown. */
export function displayText(header: DicomHeader): string {
  return textOfDecimals(displayOf(header));
}

/** JSON in which decimals count to 7 digits: de-identification rounds, and no display shows more. */
export function textOfDecimals(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' && !Number.isInteger(part) ? part.toPrecision(7) : part,
  );
}

function displayOf({ modalityLut, voiLut, inverted, padding, palette, pixelAspect }: DicomHeader): unknown {
  const tables = [palette?.red, palette?.green, palette?.blue].map(tableOf);
  return [
    modalityLut.kind === 'table' ? tableOf(modalityLut.table) : [modalityLut.slope, modalityLut.intercept],
    voiLut === undefined
      ? null
      : voiLut.kind === 'table'
        ? tableOf(voiLut.table)
        : [voiLut.center, voiLut.width, voiLut.function],
    inverted,
    padding ?? null,
    tables,
    pixelAspect,
  ];
}

function tableOf(table: LookupTable | undefined): unknown {
  return table === undefined ? null : [table.firstMapped, table.bitsPerEntry, Array.from(table.entries)];
}

/** Fractions as they are; 16-bit words where all values fit into signed or unsigned ones, else 32-bit words: little-endian, as all machines here are. */
function narrowest(samples: Samples): Uint8Array {
  if (samples instanceof Float32Array || samples instanceof Float64Array)
    return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  let min = 0;
  let max = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const fits = min < 0 ? min >= -0x8000 && max < 0x8000 : max <= 0xffff;
  const sign = min < 0 ? '-' : '+';
  const words = fits ? Uint16Array.from(samples) : Uint32Array.from(samples);
  const bytes = new Uint8Array(words.byteLength + 1);
  bytes.set(new Uint8Array(words.buffer));
  bytes[words.byteLength] = sign.charCodeAt(0);
  return bytes;
}
