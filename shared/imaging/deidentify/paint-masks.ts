import { AppError } from '../../kernel/errors.ts';
import { squareSize } from '../pixel-aspect.ts';
import type { Samples, StoredPixels } from '../stored-pixels.ts';
import type { Mask } from './deidentify-options.ts';

/**
 * Paints the masks into the samples, in the darkest value that the frame has, so that no window changes by them. Where the
 * picture is shown stretched, every stored pixel that a mask touches is painted. `aspect`: height of a stored pixel in widths.
 * Changes `stored.samples`. @throws AppError `deidentify.bad-mask` for one without a pixel of the picture
 */
export function paintMasks(stored: StoredPixels, masks: readonly Mask[], aspect: number): void {
  const { samples, columns, rows, samplesPerPixel } = stored;
  const shown = squareSize({ width: columns, height: rows }, aspect);
  const [scaleX, scaleY] = [columns / shown.width, rows / shown.height];
  const black = blackOf(stored);
  for (const mask of masks) {
    const area = insidePicture(mask, shown.width, shown.height);
    const [x, right] = [Math.floor(area.x * scaleX), Math.min(columns, Math.ceil(area.right * scaleX))];
    const [y, bottom] = [Math.floor(area.y * scaleY), Math.min(rows, Math.ceil(area.bottom * scaleY))];
    for (let row = y; row < bottom; row += 1) {
      for (let column = x; column < right; column += 1) {
        const at = (row * columns + column) * samplesPerPixel;
        for (let sample = 0; sample < samplesPerPixel; sample += 1) samples[at + sample] = black[sample] ?? 0;
      }
    }
  }
}

/** The whole pixels that the mask touches. */
export function insidePicture({ x, y, width, height }: Mask, columns: number, rows: number) {
  const area = {
    x: Math.max(0, Math.floor(x)),
    y: Math.max(0, Math.floor(y)),
    right: Math.min(columns, Math.ceil(x + width)),
    bottom: Math.min(rows, Math.ceil(y + height)),
  };
  if (!(area.right > area.x && area.bottom > area.y)) {
    const text = `${width} × ${height} at ${x}, ${y}`;
    throw new AppError('deidentify.bad-mask', `${text} lies outside ${columns} × ${rows} pixels`);
  }
  return area;
}

/** For each sample of a pixel. An index into a palette hides what was there, whatever its colour. */
function blackOf({ photometricInterpretation, samples, bitsStored }: StoredPixels): readonly number[] {
  switch (photometricInterpretation) {
    case 'MONOCHROME1':
      return [extremeOf(samples, Math.max)];
    case 'MONOCHROME2':
      return [extremeOf(samples, Math.min)];
    case 'YBR_FULL':
    case 'YBR_FULL_422':
    case 'YBR_PARTIAL_420':
    case 'YBR_PARTIAL_422':
      return [0, 2 ** (bitsStored - 1), 2 ** (bitsStored - 1)];
    default:
      return [0, 0, 0];
  }
}

function extremeOf(samples: Samples, choose: (a: number, b: number) => number): number {
  let extreme = samples[0] ?? 0;
  for (const value of samples) extreme = choose(extreme, value);
  return extreme;
}
