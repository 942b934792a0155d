// How well a film was taken, in five parts that a person can mend: exposure, contrast, sharpness, coverage, rotation. It
// judges the picture, not the patient, and changes no number of the result. A part is as good as its worst measure, and the
// whole is as good as its worst part: a sharp film without half a lung is a bad film.

import type { GrayImage } from '../gray-image.ts';
import type { Box } from '../resample.ts';
import { chestLevels } from './grey-levels.ts';
import { type LungGrid, lungPair } from './lung-pair.ts';
import { measureCoverage, measureRotation } from './lung-position.ts';
import { type QualityPart, qualityRules } from './quality-rules.ts';
import { qualityWord, type QualityWord, rate } from './rate.ts';
import { measureSharpness } from './sharpness.ts';

export interface PartQuality {
  readonly part: QualityPart;
  /** 0 … 100, whole. */
  readonly score: number;
  readonly word: QualityWord;
  readonly sentence: string;
  /** Absent where the part is good. */
  readonly advice?: string;
  /** What the score was made of: shares, levels from 0 black to 1 white, degrees. */
  readonly measured: Readonly<Record<string, number>>;
}

export interface Quality {
  /** The score of the worst part; absent where a part could not be measured. */
  readonly total?: { readonly score: number; readonly word: QualityWord };
  /** In a fixed order; one that cannot be measured is left out. */
  readonly parts: readonly PartQuality[];
}

export interface FoundLungs {
  readonly grid: LungGrid;
  /** Around the lungs, in image pixels. */
  readonly box: Box;
}

/** Without lungs only contrast and sharpness can be told, those of the middle of the picture. */
export function judgeQuality(image: GrayImage, lungs?: FoundLungs): Quality {
  const pair = lungs && lungPair(lungs.grid);
  const levels = pair && chestLevels(image, lungs.grid, pair);
  const sharpness = measureSharpness(image, lungs?.box ?? middleOf(image));
  const spread = levels?.spread ?? sharpness?.spread;
  const parts = [
    levels &&
      judgePart('exposure', {
        lungLevel: levels.lungs,
        mediastinumLevel: levels.mediastinum,
        clippedShare: levels.clippedDark + levels.clippedBright,
      }),
    spread === undefined ? undefined : judgePart('contrast', { spread }),
    sharpness && judgePart('sharpness', { fineDetail: sharpness.fineDetail, noise: sharpness.noise }),
    pair && judgePart('coverage', { ...measureCoverage(lungs.grid) }),
    pair && judgePart('rotation', { ...measureRotation(lungs.grid, pair, image) }),
  ].filter((part) => part !== undefined);
  if (parts.length < Object.keys(qualityRules).length) return { parts };
  const score = Math.min(...parts.map((part) => part.score));
  return { total: { score, word: qualityWord(score) }, parts };
}

/** Without the outer tenth on every side, where letters, collimators and black surroundings are. */
function middleOf({ width, height }: GrayImage): Box {
  return { x0: width * 0.1, y0: height * 0.1, x1: width * 0.9, y1: height * 0.9 };
}

function judgePart(part: QualityPart, values: Readonly<Record<string, number>>): PartQuality {
  const { good, rules } = qualityRules[part];
  const rated = rules.map((rule) => ({ rule, score: rate(values[rule.measure]!, rule.anchors) }));
  const worst = rated.reduce((lowest, each) => (each.score < lowest.score ? each : lowest));
  const word = qualityWord(worst.score);
  const measured = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]),
  );
  const { sentence, advice } = worst.rule;
  return word === 'good'
    ? { part, score: worst.score, word, sentence: good, measured }
    : { part, score: worst.score, word, sentence, advice, measured };
}
