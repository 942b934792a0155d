import { describe, expect, it } from 'vitest';
import {
  fakeLungs,
  fakeSession,
  segmentationManifest,
  tensor,
  twoLungs,
} from '../../tests/fixtures/fake-models.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { maskAtImageSize, segmentLungs } from './segment-lungs.ts';

const image: GrayImage = {
  width: 80,
  height: 160,
  pixels: Float32Array.from({ length: 12_800 }, (_, i) => (i % 7) / 7),
};

async function found(model: ReturnType<typeof fakeLungs>) {
  const segmentation = await segmentLungs(image, model);
  if ('refused' in segmentation) throw new Error(segmentation.refused.code);
  return segmentation;
}

describe('segmentLungs', () => {
  it('finds box, area and outline in image pixels', async () => {
    const { lungs, warnings } = await found(fakeLungs(twoLungs));
    expect(lungs.box).toEqual({ x0: 20, y0: 40, x1: 60, y1: 120 });
    expect(lungs.areaShare).toBe(8 / 64);
    expect(lungs.outline).toHaveLength(2);
    expect(warnings).toEqual([]);
    for (const [x, y] of lungs.outline.flat()) {
      expect(x).toBeGreaterThanOrEqual(20);
      expect(x).toBeLessThanOrEqual(60);
      expect(y).toBeGreaterThanOrEqual(40);
      expect(y).toBeLessThanOrEqual(120);
    }
  });

  it('enlarges the mask to the image and leaves dropped specks out', async () => {
    const large = (x: number, y: number): boolean => x >= 0 && x <= 2 && y >= 1 && y <= 6;
    const other = (x: number, y: number): boolean => x >= 4 && x <= 5 && y >= 1 && y <= 6;
    const { lungs } = await found(fakeLungs((x, y) => large(x, y) || other(x, y) || (x === 7 && y === 7)));
    const mask = maskAtImageSize(lungs, 80, 160);
    const at = (x: number, y: number): number => mask[y * 80 + x]!;
    expect(at(15, 70)).toBe(255);
    expect(at(50, 70)).toBe(255);
    expect(at(75, 155)).toBe(0);
    expect(at(0, 0)).toBe(0);
    expect(new Set(mask)).toEqual(new Set([0, 255]));
    expect(lungs.box.x1).toBe(60);
  });

  it('warns of a lung that is cut off by the edge', async () => {
    const { warnings } = await found(fakeLungs((x, y) => (x === 0 || x === 4) && y >= 1 && y <= 6));
    expect(warnings.map(({ code }) => code)).toEqual(['image.cropped']);
  });

  it.each([
    ['inverted', [0, 5, 0, 0], 'image.inverted'],
    ['rotated', [0, 0, 5, 0], 'image.rotated'],
    ['not a chest', [0, 0, 0, 5], 'image.not-a-chest'],
  ] as const)('refuses a film that is %s', async (_, view, code) => {
    expect(await segmentLungs(image, fakeLungs(twoLungs, view))).toMatchObject({ refused: { code } });
  });

  it('refuses half a film, on which one lung is left', async () => {
    expect(
      await segmentLungs(
        image,
        fakeLungs((x, y) => x >= 2 && x <= 4 && y >= 2 && y <= 5),
      ),
    ).toMatchObject({
      refused: { code: 'image.one-lung' },
    });
  });

  it('warns of an outline of which the network is not sure', async () => {
    const model = fakeLungs(twoLungs);
    const unsure = fakeSession(() => ({
      mask: tensor(
        [1, 1, 8, 8],
        Array.from({ length: 64 }, (_, i) => (twoLungs(i % 8, i >> 3) ? 1 : -1)),
      ),
      view: tensor([1, 4], [5, 0, 0, 0]),
    }));
    const { warnings } = await found({ ...model, session: unsure });
    expect(warnings.map(({ code }) => code)).toEqual(['image.uncertain-lungs']);
  });

  it('refuses when no lungs, or nothing but lungs, are found', async () => {
    const refused = { refused: { code: 'image.not-a-chest' } };
    expect(
      await segmentLungs(
        image,
        fakeLungs(() => false),
      ),
    ).toMatchObject(refused);
    expect(
      await segmentLungs(
        image,
        fakeLungs(() => true),
      ),
    ).toMatchObject(refused);
  });

  it.each([
    ['zeros', 0],
    ['numbers that are not finite', Number.NaN],
  ])('does not read anything into %s', async (_, value) => {
    const session = fakeSession(() => ({
      mask: tensor([1, 1, 8, 8], value),
      view: tensor([1, 4], [5, 0, 0, 0]),
    }));
    const model = { ...fakeLungs(twoLungs), manifest: segmentationManifest(), session };
    await expect(segmentLungs(image, model)).rejects.toMatchObject({ code: 'model.bad-output' });
  });
});
