import { expect, it } from 'vitest';
import { fakeClassifier, fakeLungs, twoLungs } from '../../tests/fixtures/fake-models.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { classify } from './classify.ts';
import { drawOverlay, strongestMap } from './overlay.ts';
import { segmentLungs } from './segment-lungs.ts';
import { stopwatch } from './stopwatch.ts';

const image: GrayImage = { width: 160, height: 160, pixels: new Float32Array(25_600).fill(0.5) };

it('paints the strongest cell, the outline, and nothing else', async () => {
  const segmentation = await segmentLungs(image, fakeLungs(twoLungs));
  if ('refused' in segmentation) throw new Error(segmentation.refused.code);
  const { lungs } = segmentation;
  const { findings } = await classify(
    image,
    lungs.box,
    fakeClassifier([0, 0, 0, 3]),
    true,
    stopwatch(() => 0),
  );
  const map = strongestMap(findings);
  const rgb = drawOverlay(image, lungs, map);
  const at = (x: number, y: number): number[] =>
    Array.from(rgb.subarray((y * 160 + x) * 3, (y * 160 + x) * 3 + 3));
  expect(at(5, 5)).toEqual([128, 128, 128]);
  const [red, green, blue] = at(100, 116);
  expect(red).toBeGreaterThan(150);
  expect(green).toBeGreaterThan(150);
  expect(blue).toBeLessThan(110);
  expect(
    rgb.filter((_, index) => index % 3 === 0 && rgb[index] === 86 && rgb[index + 1] === 220).length,
  ).toBeGreaterThan(50);
  const striped = drawOverlay(image, lungs, map && { ...map, doubtful: true });
  const painted = (pixels: Uint8Array): number => pixels.filter((value) => value !== 128).length;
  expect(painted(striped)).toBeLessThan(painted(rgb) * 0.8);
  expect(painted(striped)).toBeGreaterThan(painted(rgb) * 0.2);
});
