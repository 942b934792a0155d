import type { GrayImage } from '../../../shared/imaging/gray-image.ts';
import type { Rendering } from './dcmtk-rendering.ts';

export interface LevelDifference {
  readonly passed: boolean;
  /** Share of the pixels that differ by at most one level of 255. */
  readonly within: number;
  readonly largest: number;
  readonly note: string;
}

/** What has to agree: DCMTK rounds its own way, and half a level may fall to either side. */
const neededShare = 0.999;

/** @param isPadding by the index of the pixel; DCMTK shows padding as if it were picture (PS3.3 C.7.5.1.1.2 says it is none) */
export function compareLevels(
  image: GrayImage,
  reference: Rendering,
  isPadding: (index: number) => boolean,
): LevelDifference {
  const { width, height, pixels } = image;
  if (width !== reference.width || height !== reference.height) {
    const note = `${width} × ${height} where DCMTK has ${reference.width} × ${reference.height}`;
    return { passed: false, within: 0, largest: 255, note };
  }
  let compared = 0;
  let near = 0;
  let largest = 0;
  for (let index = 0; index < pixels.length; index += 1) {
    if (isPadding(index)) continue;
    compared += 1;
    const difference = Math.abs(Math.round(255 * pixels[index]!) - reference.levels[index]!);
    if (difference <= 1) near += 1;
    if (difference > largest) largest = difference;
  }
  const within = compared === 0 ? 0 : near / compared;
  const padded = pixels.length - compared;
  const note = padded === 0 ? '' : `${padded} pixels of padding left out`;
  return { passed: within >= neededShare, within, largest, note };
}
