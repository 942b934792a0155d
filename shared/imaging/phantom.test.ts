import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { phantomFile } from './phantom-file.ts';
import { carriesPhantomMark } from './phantom-mark.ts';
import { drawPhantom } from './phantom.ts';
import { encodePng } from './png-encode.ts';

it('draws the same picture from the same seed and another from another', () => {
  const size = { width: 160, height: 144 };
  expect(drawPhantom({ ...size, seed: 3 }).pixels).toEqual(drawPhantom({ ...size, seed: 3 }).pixels);
  expect(drawPhantom({ ...size, seed: 3 }).pixels).not.toEqual(drawPhantom({ ...size, seed: 4 }).pixels);
});

it('shows dark lungs beside a bright spine, and a shadow only when asked', () => {
  const at = ({ pixels, width, height }: ReturnType<typeof drawPhantom>, u: number, v: number): number =>
    pixels[Math.floor(((v + 1) / 2) * height) * width + Math.floor(((u + 1) / 2) * width)]!;
  const plain = drawPhantom();
  const shadowed = drawPhantom({ opacity: true });
  expect(at(plain, -0.45, 0.2)).toBeLessThan(0.5);
  expect(at(plain, 0, 0.2)).toBeGreaterThan(0.7);
  expect(at(shadowed, -0.45, 0.2)).toBeGreaterThan(at(plain, -0.45, 0.2) + 0.1);
  expect(at(shadowed, 0.45, -0.2)).toBeCloseTo(at(plain, 0.45, -0.2), 5);
});

it('carries its label in a chunk that PNG readers accept', () => {
  const file = phantomFile({ width: 160, height: 144 });
  expect(decode(file, { checkCrc: true }).text['Source']).toMatch(/^Fieldray synthetic chest phantom/);
  expect(carriesPhantomMark(file)).toBe(true);
  expect(carriesPhantomMark(encodePng(2, 2, new Uint8Array(4)))).toBe(false);
  expect(carriesPhantomMark(new Uint8Array())).toBe(false);
});
