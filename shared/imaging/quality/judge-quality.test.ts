import { describe, expect, it } from 'vitest';
import * as degrade from '../../../tests/fixtures/degrade-film.ts';
import type { GrayImage } from '../gray-image.ts';
import { drawPhantom } from '../phantom.ts';
import { resample } from '../resample.ts';
import { judgeQuality } from './judge-quality.ts';
import type { LungGrid } from './lung-pair.ts';
import { type QualityPart, qualityRules } from './quality-rules.ts';

const side = 160;
/** The drawing is darker and softer than a film; both are mended, so that the tests start from a good one. */
function film(width: number): GrayImage {
  const drawn = degrade.darkened(drawPhantom({ width, height: width, seed: 3 }), 0.6);
  const softened = degrade.blurred(drawn, 0.003).pixels;
  const crisp = drawn.pixels.map((value, index) => value + 1.2 * (value - softened[index]!));
  return degrade.flattened({ ...drawn, pixels: crisp }, 0.3);
}
const phantom = film(512);

/** The phantom's lungs by their grey level: no network is needed to know where a drawing is dark. */
function phantomLungs(): GrayImage {
  const small = resample(degrade.blurred(phantom, 0.006), side, side);
  return {
    ...small,
    pixels: small.pixels.map((value, cell) => {
      const [x, y] = [cell % side, Math.floor(cell / side)];
      return value < 0.53 && x > 14 && x < 146 && y > 30 && y < 125 ? 1 : 0;
    }),
  };
}
const mask = phantomLungs();

function judged(image: GrayImage, lungs: GrayImage = mask) {
  const inside = Uint8Array.from(lungs.pixels, (value) => (value > 0.5 ? 1 : 0));
  const grid: LungGrid = { columns: lungs.width, rows: lungs.height, inside };
  const cells = [...inside.keys()].filter((cell) => inside[cell] === 1);
  const xs = cells.map((cell) => ((cell % grid.columns) * image.width) / grid.columns);
  const ys = cells.map((cell) => (Math.floor(cell / grid.columns) * image.height) / grid.rows);
  const box = { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
  return judgeQuality(image, { grid, box });
}

const scoreOf = (quality: ReturnType<typeof judgeQuality>, part: QualityPart): number =>
  quality.parts.find((each) => each.part === part)!.score;

describe('the quality of a film', () => {
  it('is good in all five parts for the phantom, in a fixed order', () => {
    const { total, parts } = judged(phantom);
    expect(parts.map(({ part, word }) => [part, word])).toEqual(
      Object.keys(qualityRules).map((part) => [part, 'good']),
    );
    expect(total).toEqual({ score: Math.min(...parts.map(({ score }) => score)), word: 'good' });
    expect(parts.every(({ advice }) => advice === undefined)).toBe(true);
  });

  it.each([
    ['blur', 'sharpness', [0.002, 0.004, 0.008, 0.016], degrade.blurred],
    ['grain', 'sharpness', [0, 0.05, 0.1, 0.2], degrade.noisy],
    ['clipping', 'exposure', [0, 0.2, 0.3, 0.5], degrade.clipped],
    ['darkening', 'exposure', [1, 2.2, 3, 4], degrade.darkened],
    ['less contrast', 'contrast', [0, 0.5, 0.65, 0.8], degrade.flattened],
  ] as const)('falls in the fitting part with every step of %s', (_, part, steps, spoil) => {
    const scores = steps.map((step) => scoreOf(judged(spoil(phantom, step)), part));
    for (const [index, score] of scores.slice(1).entries()) {
      expect(score, scores.join(' ')).toBeLessThan(scores[index]!);
    }
    expect(scores.at(-1)).toBeLessThan(40);
  });

  it('falls in coverage the further a lung is cut off', () => {
    const scores = [0, 0.15, 0.2, 0.25].map((share) =>
      scoreOf(
        judged(degrade.croppedFilm(phantom, 'left', share), degrade.croppedFilm(mask, 'left', share)),
        'coverage',
      ),
    );
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.at(-1)).toBeLessThan(40);
  });

  it('falls in rotation the more the chest leans, to either side alike', () => {
    const leaning = (degrees: number) =>
      judged(degrade.leaning(phantom, degrees), degrade.leaning(mask, degrees));
    const scores = [0, 10, 18, 26].map((degrees) => scoreOf(leaning(degrees), 'rotation'));
    for (const [index, score] of scores.slice(1).entries()) expect(score).toBeLessThan(scores[index]!);
    expect(Math.abs(scoreOf(leaning(-18), 'rotation') - scores[2]!)).toBeLessThan(15);
    expect(leaning(26).parts.find(({ part }) => part === 'rotation')?.sentence).toContain('leans');
  });

  it('is bounded by its worst part, which says what to do', () => {
    const { total, parts } = judged(degrade.noisy(phantom, 0.2));
    const sharpness = parts.find(({ part }) => part === 'sharpness')!;
    expect(total).toEqual({ score: sharpness.score, word: 'poor' });
    expect(sharpness.sentence).toContain('grainy');
    expect(sharpness.advice).toContain('exposure');
  });

  it('does not depend on the size of the file', () => {
    const large = judged(resample(phantom, 1024, 1024));
    for (const { part, score } of judged(phantom).parts) {
      expect(Math.abs(scoreOf(large, part) - score), part).toBeLessThanOrEqual(6);
    }
  });

  it('leaves out what cannot be measured, and then has no total', () => {
    const { total, parts } = judgeQuality(phantom);
    expect(total).toBeUndefined();
    expect(parts.map(({ part }) => part)).toEqual(['contrast', 'sharpness']);
    expect(judgeQuality({ ...phantom, pixels: new Float32Array(512 * 512) })).toEqual({ parts: [] });
  });
});
