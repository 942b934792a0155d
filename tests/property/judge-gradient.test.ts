import { describe, expect, it } from 'vitest';
import { Dice } from './dice.ts';
import { slopeOf } from './finite-difference.ts';
import { judgeGradient, type Verdict } from './judge-gradient.ts';

/** What the judge says of one function of three cells and a gradient that is claimed for it. */
function judged(
  compute: (cells: readonly number[]) => number,
  gradient: readonly number[],
  point: readonly number[] = [0.5, -0.25, 0.75],
): Promise<Verdict> {
  return judgeGradient({
    point: { dims: [3], data: Float32Array.from(point) },
    gradient: { dims: [3], data: Float32Array.from(gradient) },
    cotangent: Float32Array.of(1),
    run: async ({ data }) => ({ dims: [1], data: Float32Array.of(compute([...data])) }),
    dice: new Dice(7),
  });
}

const cubes = (cells: readonly number[]): number => cells.reduce((sum, cell) => sum + cell ** 3, 0);
const slopes = [0.75, 0.1875, 1.6875];

describe('judgeGradient', () => {
  it('accepts the gradient of a smooth function', async () => {
    expect(await judged(cubes, slopes)).toEqual({ kind: 'agrees' });
  });

  it.each([
    ['all of it is larger by a twentieth', slopes.map((slope) => slope * 1.05)],
    ['two cells are exchanged', [0.1875, 0.75, 1.6875]],
    ['it has the wrong sign', slopes.map((slope) => -slope)],
    ['it is zero', [0, 0, 0]],
    ['it is not a number in one cell', [0.75, NaN, 1.6875]],
  ])('refuses a gradient where %s', async (_, gradient) => {
    expect((await judged(cubes, gradient)).kind).toBe('differs');
  });

  it('refuses a gradient of another shape', async () => {
    const verdict = await judgeGradient({
      point: { dims: [3], data: new Float32Array(3) },
      gradient: { dims: [1, 3], data: new Float32Array(3) },
      cotangent: Float32Array.of(1),
      run: async () => ({ dims: [1], data: Float32Array.of(0) }),
      dice: new Dice(7),
    });
    expect(verdict).toEqual({ kind: 'differs', reason: 'the gradient is 1×3' });
  });

  it('says nothing where the function has a kink, whatever is claimed', async () => {
    const bent = (cells: readonly number[]): number => cells.reduce((sum, cell) => sum + Math.abs(cell), 0);
    for (const claim of [0, 1, 7]) {
      expect(await judged(bent, [claim, claim, claim], [0, 0, 0])).toEqual({
        kind: 'discarded',
        reason: 'kinks',
      });
    }
  });

  it('says nothing of steps that look like a slope from afar', async () => {
    const stairs = (cells: readonly number[]): number =>
      cells.reduce((sum, cell) => sum + Math.floor(cell * 700), 0);
    expect((await judged(stairs, [0, 0, 0], [0.5001, -0.25, 0.75])).kind).toBe('discarded');
  });

  it('does not count what is too faint for float32 as looked at', async () => {
    const faint = (cells: readonly number[]): number => 1000 + 1e-6 * cells[0]!;
    expect(await judged(faint, [1e-6, 0, 0])).toEqual({ kind: 'discarded', reason: 'faint' });
  });
});

describe('slopeOf', () => {
  it('is never wrong by more than five times the agreement where it calls a kink smooth', async () => {
    const agreement = 2e-3;
    let called = 0;
    for (let place = -1.2; place < 1.2; place += 0.001) {
      for (const height of [1, 0.1, 0.03, 0.01]) {
        const bent = (x: number): number => x + (x > place ? height * (x - place) : 0);
        const { slope, isSmooth } = await slopeOf(async (x) => bent(x), 1, 1, agreement);
        const right = place < 0 ? 1 + height : 1;
        if (isSmooth) expect(Math.abs(slope - right)).toBeLessThan(5.5 * agreement);
        if (isSmooth) called += 1;
      }
    }
    expect(called).toBeGreaterThan(1000);
  });
});
