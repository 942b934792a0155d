import { contours } from 'd3-contour';
import { AppError } from '../kernel/errors.ts';
import { keepLargeComponents } from '../imaging/connected-components.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { intakeReason, type IntakeReason } from '../imaging/intake-reasons.ts';
import { measureCoverage } from '../imaging/quality/lung-position.ts';
import { type Box, resample } from '../imaging/resample.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { SegmentationManifest } from '../model/manifest.ts';
import { finiteOutput } from './finite-output.ts';
import { explainMisfit, likeliestView } from './judge-view.ts';
import type { StandardisedPicture } from './baseline.ts';
import { standardisedPicture, tensorOf } from './prepare.ts';

/** The lungs on the network's own grid, which covers the whole image. */
export interface LungMask {
  readonly columns: number;
  readonly rows: number;
  /** Row-major logits; parts that were dropped as too small are negative. */
  readonly logits: Float32Array;
  readonly areaShare: number;
  /** Around the lungs, in image pixels, without margin. */
  readonly box: Box;
  readonly outline: readonly (readonly (readonly [number, number])[])[];
}

export type Segmentation =
  | { readonly lungs: LungMask; readonly warnings: readonly IntakeReason[] }
  | { readonly refused: IntakeReason };

/** Lungs on an upright frontal film cover far more than this; it only catches masks of stray pixels. */
const minAreaShare = 0.03;
const maxAreaShare = 0.85;
/** A tip of a lung may touch the edge; a warning is due when a fair part of an edge has lung beside it. */
const croppedEdgeShare = 0.12;
/** Area of the second largest part against the largest: with one lung missing or cut off little or nothing is left. */
const minSmallerLung = 0.25;
/** Mean of |2p − 1| over the film, 1 where the network is sure of every pixel; below this the outline is shown with a warning. */
const minCertainty = 0.85;

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/**
 * Finds the lungs and judges by the same network whether this is an upright frontal chest film at all.
 * @throws AppError `model.bad-output` when the network's numbers cannot be right
 */
export async function segmentLungs(
  image: GrayImage,
  model: LoadedModel<SegmentationManifest>,
): Promise<Segmentation> {
  const { input, outputs, segmentation, view } = model.manifest;
  const [, , rows, columns] = input.shape;
  const picture = wholePicture(image, model.manifest);
  const computed = await model.session.run(tensorOf(picture));
  const viewLogits = finiteOutput(computed, outputs.view, [1, view.classes.length]);
  const logits = finiteOutput(computed, outputs.mask, [1, 1, rows, columns]);

  const seen = likeliestView(viewLogits, model.manifest);
  if (seen.name !== 'frontal') return { refused: await explainMisfit(picture, model, seen) };

  const { mask: kept, areas } = keepLargeComponents(
    Uint8Array.from(logits, (logit) => (logit > segmentation.threshold ? 1 : 0)),
    columns,
    segmentation.minComponentShare,
  );
  const area = kept.reduce((sum, inside) => sum + inside, 0) / kept.length;
  if (area < minAreaShare || area > maxAreaShare) {
    return {
      refused: intakeReason('image.not-a-chest', `lungs cover ${percent(area)} of the picture`),
    };
  }
  const [larger = 0, smaller = 0] = areas;
  if (smaller < larger * minSmallerLung) {
    return {
      refused: intakeReason('image.one-lung', `the second part is ${percent(smaller / larger)} of the first`),
    };
  }
  const shown = logits.map((logit, index) => {
    const distance = logit - segmentation.threshold;
    return kept[index] === 1 ? distance : Math.min(distance, -Math.abs(distance));
  });
  const lungs: LungMask = {
    columns,
    rows,
    logits: shown,
    areaShare: area,
    box: boundingBox(kept, columns, rows, image),
    outline: outlineOf(shown, columns, rows, image),
  };
  const edge = measureCoverage({ columns, rows, inside: kept }).nearEdgeShare;
  const certainty = meanCertainty(logits, segmentation.threshold);
  const warnings: IntakeReason[] = [];
  if (edge > croppedEdgeShare) warnings.push(intakeReason('image.cropped', `${percent(edge)} of one edge`));
  if (certainty < minCertainty) {
    warnings.push(intakeReason('image.uncertain-lungs', `certainty ${certainty.toFixed(2)}`));
  }
  return { lungs, warnings };
}

/** What the network sees: the whole image, squashed to its input size. */
export function wholePicture(image: GrayImage, { input }: SegmentationManifest): StandardisedPicture {
  const [, , rows, columns] = input.shape;
  return standardisedPicture(resample(image, columns, rows), input.normalisation.minStd);
}

function meanCertainty(logits: Float32Array, threshold: number): number {
  return logits.reduce((sum, logit) => sum + Math.tanh(Math.abs(logit - threshold) / 2), 0) / logits.length;
}

function boundingBox(mask: Uint8Array, columns: number, rows: number, image: GrayImage): Box {
  let [left, top, right, bottom] = [columns, rows, 0, 0];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (mask[y * columns + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  if (right === 0) throw new AppError('model.bad-output', 'bounding box of an empty mask');
  const scaleX = image.width / columns;
  const scaleY = image.height / rows;
  return { x0: left * scaleX, y0: top * scaleY, x1: right * scaleX, y1: bottom * scaleY };
}

function outlineOf(
  logits: Float32Array,
  columns: number,
  rows: number,
  image: GrayImage,
): readonly (readonly (readonly [number, number])[])[] {
  const [shape] = contours().size([columns, rows]).thresholds([0])(Array.from(logits));
  const toTenth = (value: number): number => Math.round(value * 10) / 10;
  return (shape?.coordinates ?? [])
    .flat()
    .map((ring) =>
      ring.map(
        ([x, y]) => [toTenth((x! * image.width) / columns), toTenth((y! * image.height) / rows)] as const,
      ),
    );
}

/** The lungs at the image's own size and orientation: 255 inside, 0 outside, row-major. */
export function maskAtImageSize(lungs: LungMask, width: number, height: number): Uint8Array {
  const grid: GrayImage = { width: lungs.columns, height: lungs.rows, pixels: lungs.logits };
  const enlarged = resample(grid, width, height).pixels;
  const mask = new Uint8Array(enlarged.length);
  for (let index = 0; index < mask.length; index += 1) mask[index] = enlarged[index]! > 0 ? 255 : 0;
  return mask;
}
