import type { AnalysisFinding } from '../api/analysis.ts';
import type { ExplainMethod, Heatmap } from '../api/explanation.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { heatPalette } from './heat-colours.ts';
import { heatAtImageSize, heatStrength } from './heatmap.ts';
import { type LungMask, maskAtImageSize } from './segment-lungs.ts';

const outlineColour = [86, 220, 235] as const;

/** A map and how strongly it is shown, 0 … 1. */
export interface ShownMap {
  readonly heatmap: Heatmap;
  readonly strength: number;
  /** It is not to be relied on: drawn in stripes. */
  readonly doubtful: boolean;
}

/** The map that is shown where nobody has chosen: that of the finding with the highest probability. */
export function strongestMap(
  findings: readonly AnalysisFinding[],
  method?: ExplainMethod,
): ShownMap | undefined {
  const [strongest] = findings.toSorted((a, b) => b.probability - a.probability);
  if (strongest === undefined) return undefined;
  const explained = strongest.explanations?.find((each) => each.method === method);
  const heatmap = method === undefined ? strongest.heatmap : explained;
  const doubtful = explained !== undefined && explained.shortcomings.length > 0;
  return heatmap && { heatmap, strength: heatStrength(strongest), doubtful };
}

/**
 * The image with a map and the lungs' outline.
 * @returns RGB, row-major, interleaved, at the image's size
 */
export function drawOverlay(image: GrayImage, lungs: LungMask, map: ShownMap | undefined): Uint8Array {
  const { width, height } = image;
  const rgb = new Uint8Array(width * height * 3);
  for (let index = 0, at = 0; index < image.pixels.length; index += 1, at += 3) {
    const grey = Math.round(image.pixels[index]! * 255);
    rgb[at] = grey;
    rgb[at + 1] = grey;
    rgb[at + 2] = grey;
  }
  if (map !== undefined) paintHeat(rgb, width, map);
  paintOutline(rgb, width, height, maskAtImageSize(lungs, width, height));
  return rgb;
}

function paintHeat(rgb: Uint8Array, imageWidth: number, { heatmap, strength, doubtful }: ShownMap): void {
  const { left, top, width, height, values } = heatAtImageSize(heatmap);
  const stripe = Math.max(2, Math.round(Math.min(width, height) / 60));
  const palette = heatPalette();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (doubtful && (x + y) % (2 * stripe) < stripe) continue;
      const entry = Math.round(values[y * width + x]! * 255) * 4;
      const opacity = (palette[entry + 3]! / 255) * strength;
      if (opacity === 0) continue;
      const at = ((top + y) * imageWidth + left + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        rgb[at + channel] = rgb[at + channel]! * (1 - opacity) + palette[entry + channel]! * opacity;
      }
    }
  }
}

/** A line as thick as a five-hundredth of the image, inside the lungs' edge. */
function paintOutline(rgb: Uint8Array, width: number, height: number, mask: Uint8Array): void {
  const thickness = Math.max(1, Math.round(Math.min(width, height) / 500));
  const [red, green, blue] = outlineColour;
  for (let y = 0; y < height; y += 1) {
    const nearTopOrBottom = y < thickness || y >= height - thickness;
    for (let x = 0; x < width; x += 1) {
      const index = y * width + x;
      if (mask[index] === 0) continue;
      const atEdge =
        nearTopOrBottom ||
        x < thickness ||
        x >= width - thickness ||
        mask[index - thickness] === 0 ||
        mask[index + thickness] === 0 ||
        mask[index - thickness * width] === 0 ||
        mask[index + thickness * width] === 0;
      if (!atEdge) continue;
      rgb[index * 3] = red;
      rgb[index * 3 + 1] = green;
      rgb[index * 3 + 2] = blue;
    }
  }
}
