import { rgbOfYbr } from './colour-conversion.ts';
import type { Palette } from './dicom-lut.ts';
import { chromaOfRgb } from './photometric.ts';
import type { StoredPixels } from './stored-pixels.ts';
import { lookUp } from './window-level.ts';

/** How far a DICOM picture is from grey, 0 … 1, whichever way its colours are stored; a radiograph saved in colour is near 0. */
export function chromaOf(stored: StoredPixels, palette: Palette | undefined): number {
  const { samples, samplesPerPixel, bitsStored, photometricInterpretation } = stored;
  if (palette !== undefined) return chromaOfPalette(stored, palette);
  if (samplesPerPixel !== 3) return 0;
  const max = 2 ** bitsStored - 1;
  if (photometricInterpretation === 'RGB') return chromaOfRgb(samples, 3, max);
  const ybr = samples instanceof Uint8Array || samples instanceof Uint16Array;
  return ybr ? chromaOfRgb(rgbOfYbr(samples, 3, max), 3, max) : 0;
}

function chromaOfPalette({ samples }: StoredPixels, { red, green, blue }: Palette): number {
  const spreads = new Map<number, number>();
  const spreadOf = (value: number): number => {
    const shares = [red, green, blue].map((table) => lookUp(table, value) / (2 ** table.bitsPerEntry - 1));
    return Math.max(...shares) - Math.min(...shares);
  };
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index]!;
    let spread = spreads.get(value);
    if (spread === undefined) spreads.set(value, (spread = spreadOf(value)));
    sum += spread;
  }
  return sum / samples.length;
}
