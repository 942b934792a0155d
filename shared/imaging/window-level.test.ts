import { describe, expect, it } from 'vitest';
import {
  applyModality,
  applyVoi,
  fullRange,
  isUsableWindow,
  type VoiLut,
  type Window,
} from './window-level.ts';

function window(center: number, width: number, shape: Window['function'] = 'LINEAR'): Window {
  return { kind: 'window', center, width, function: shape };
}

function shown(voi: VoiLut, values: readonly number[]): readonly number[] {
  return values.map((value) => applyVoi(voi, value));
}

describe('window functions', () => {
  it('LINEAR follows the example of PS3.3 C.11.2.1.2.1: centre 2048, width 4096', () => {
    expect(shown(window(2048, 4096), [-1, 0, 4095, 4096])).toEqual([0, 0, 1, 1]);
    expect(applyVoi(window(2048, 4096), 1)).toBeCloseTo(1 / 4095, 12);
  });

  it('LINEAR of width 1 is a threshold at the centre', () => {
    expect(shown(window(100, 1), [98, 99, 100, 101])).toEqual([0, 0, 1, 1]);
  });

  it('LINEAR_EXACT has no half-step shift', () => {
    expect(shown(window(100, 10, 'LINEAR_EXACT'), [95, 97.5, 100, 105, 106])).toEqual([0, 0.25, 0.5, 1, 1]);
  });

  it('SIGMOID is one half at the centre and 1 / (1 + e⁻⁴) one width above', () => {
    const values = shown(window(100, 10, 'SIGMOID'), [100, 110, 90]);
    expect(values[0]).toBe(0.5);
    expect(values[1]).toBeCloseTo(1 / (1 + Math.exp(-4)), 12);
    expect((values[1] ?? 0) + (values[2] ?? 0)).toBeCloseTo(1, 12);
  });

  it('widths below the standard make a window unusable', () => {
    expect(isUsableWindow(window(1, 0.5))).toBe(false);
    expect(isUsableWindow(window(1, 0.5, 'LINEAR_EXACT'))).toBe(true);
    expect(isUsableWindow(window(Number.NaN, 10))).toBe(false);
  });

  it('without a window the whole range is shown, and a flat picture is black', () => {
    expect(shown(fullRange(10, 20), [10, 15, 20])).toEqual([0, 0.5, 1]);
    expect(shown(fullRange(7, 7), [7])).toEqual([0]);
  });
});

describe('lookup tables', () => {
  const table = { firstMapped: -2, bitsPerEntry: 8, entries: Uint16Array.from([0, 51, 102, 255]) };

  it('clamp values outside to the first and the last entry', () => {
    expect(shown({ kind: 'table', table }, [-9, -2, -1, 0, 1, 9])).toEqual([0, 0, 0.2, 0.4, 1, 1]);
  });

  it('modality: slope and intercept, or the table', () => {
    expect(applyModality({ kind: 'linear', slope: 2, intercept: -1024 }, 100)).toBe(-824);
    expect(applyModality({ kind: 'table', table }, -1)).toBe(51);
  });
});
