import { describe, expect, it } from 'vitest';
import { fakeLungs, fakeSession, tensor, twoLungs } from '../../tests/fixtures/fake-models.ts';
import { invertedFilm, turnedFilm } from '../../tests/fixtures/degrade-film.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { segmentLungs } from './segment-lungs.ts';

/** Bright at the top, dark at the left of the rest: no turned or inverted copy equals another. */
const upright: GrayImage = {
  width: 80,
  height: 80,
  pixels: Float32Array.from({ length: 6400 }, (_, i) => (i < 1600 ? 1 : i % 80 < 20 ? 0 : 0.5)),
};
const cells = Array.from({ length: 64 }, (_, cell) => (twoLungs(cell % 8, cell >> 3) ? 3 : -3));

/** Takes for frontal what is bright at the top and dark at the left below. */
function network(runs: { count: number }) {
  return {
    ...fakeLungs(twoLungs),
    session: fakeSession((input) => {
      runs.count += 1;
      const at = (x: number, y: number): number => input.data[y * 8 + x]!;
      const isFrontal =
        at(4, 0) > 0.5 && at(7, 0) > 0.5 && at(0, 7) < -0.5 && at(7, 7) < 0.5 && at(7, 7) > -0.5;
      return {
        mask: tensor([1, 1, 8, 8], cells),
        view: tensor([1, 4], isFrontal ? [9, 0, 0, 0] : [0, 0, 0, 3]),
      };
    }),
  };
}

async function reasonFor(image: GrayImage) {
  const segmentation = await segmentLungs(image, network({ count: 0 }));
  return 'refused' in segmentation ? segmentation.refused : undefined;
}

describe('a picture that does not look frontal', () => {
  it('costs nothing more where it does', async () => {
    const runs = { count: 0 };
    expect(await segmentLungs(upright, network(runs))).toHaveProperty('lungs');
    expect(runs.count).toBe(1);
  });

  it.each([
    ['left', 'turned a quarter to the left.', 'a quarter to the right'],
    ['right', 'turned a quarter to the right.', 'a quarter to the left'],
    ['upside-down', 'upside down.', 'a half turn'],
  ] as const)('is told how it is turned, and how to turn it back: %s', async (turn, message, advice) => {
    const reason = await reasonFor(turnedFilm(upright, turn));
    expect(reason).toMatchObject({ code: 'image.rotated', severity: 'refused' });
    expect(reason?.message).toContain(message);
    expect(reason?.advice).toContain(advice);
  });

  it('is told that it is inverted, and when it is turned as well', async () => {
    expect(await reasonFor(invertedFilm(upright))).toMatchObject({ code: 'image.inverted' });
    const both = await reasonFor(turnedFilm(invertedFilm(upright), 'left'));
    expect(both?.code).toBe('image.rotated');
    expect(both?.message).toContain('to the left, and black and white');
  });

  it('keeps the first verdict where no copy looks frontal', async () => {
    const noise = { ...upright, pixels: upright.pixels.map((_, i) => ((i * 7919) % 13) / 13) };
    const reason = await reasonFor(noise);
    expect(reason?.code).toBe('image.not-a-chest');
    expect(reason?.detail).toContain('not-a-chest');
  });
});
