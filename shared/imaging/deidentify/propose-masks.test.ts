import { describe, expect, it } from 'vitest';
import { drawText } from '../../../tests/fixtures/draw-text.ts';
import { seededRandom } from '../../kernel/seeded-random.ts';
import { drawPhantom } from '../phantom.ts';
import { proposeMasks } from './propose-masks.ts';

const size = { width: 640, height: 576 };
const texts = ['OKELLO GRACE', '4711 204', 'THOMAS', 'CHEST 1407', 'NGOGA'];

/** A phantom whose grey never reaches black or white, as radiographs seldom do. */
function chest(seed: number) {
  const { pixels } = drawPhantom({ ...size, seed });
  return { ...size, pixels: pixels.map((value) => 0.05 + 0.85 * value) };
}

describe('proposed masks', () => {
  it.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    'cover writing at the sides (seed %i)',
    (seed) => {
      const random = seededRandom(seed * 7919);
      const image = chest(seed);
      const text = texts[Math.floor(random() * texts.length)]!;
      const points = 1 + Math.floor(random() * 4);
      const wide = text.length * 6 * points;
      const x = Math.floor(random() * (size.width - wide));
      const y =
        random() < 0.5
          ? 4 + Math.floor(random() * 60)
          : size.height - 8 - 7 * points - Math.floor(random() * 60);
      const value = random() < 0.7 ? 1 : 0;
      if (value === 0) fillAround(image.pixels, x, y, wide, 7 * points);
      const area = drawText(image.pixels, size.width, { text, x, y, size: points, value });
      const masks = proposeMasks(image);
      const covered = masks.some(
        (mask) =>
          mask.x <= area.x &&
          mask.y <= area.y &&
          mask.x + mask.width >= area.x + area.width &&
          mask.y + mask.height >= area.y + area.height,
      );
      expect(covered, JSON.stringify({ text, area, masks })).toBe(true);
      const masked = masks.reduce((sum, mask) => sum + mask.width * mask.height, 0);
      expect(masked).toBeLessThan(0.2 * size.width * size.height);
    },
  );

  it('are none for a chest without writing, and none for the marker of a side', () => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const image = chest(seed);
      expect(proposeMasks(image)).toEqual([]);
      drawText(image.pixels, size.width, { text: 'R', x: 30, y: 40, size: 4, value: 1 });
      expect(proposeMasks(image)).toEqual([]);
    }
  });

  it('are none for an empty picture and for noise', () => {
    expect(proposeMasks({ ...size, pixels: new Float32Array(size.width * size.height) })).toEqual([]);
    const random = seededRandom(5);
    const noise = Float32Array.from({ length: size.width * size.height }, () => 0.1 + 0.8 * random());
    expect(proposeMasks({ ...size, pixels: noise })).toEqual([]);
  });
});

/** A light ground for dark letters. */
function fillAround(pixels: Float32Array, x: number, y: number, width: number, height: number): void {
  for (let row = Math.max(0, y - 6); row < Math.min(size.height, y + height + 6); row += 1) {
    pixels.fill(
      0.7,
      row * size.width + Math.max(0, x - 6),
      row * size.width + Math.min(size.width, x + width + 6),
    );
  }
}
