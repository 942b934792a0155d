import type { Tensor } from '../../shared/model/session.ts';
import type { Dice } from './dice.ts';
import { slopeOf } from './finite-difference.ts';

export type Verdict =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'discarded'; readonly reason: 'kinks' | 'faint' | 'not finite' | 'not run' }
  | { readonly kind: 'differs'; readonly reason: string };

interface Claim {
  readonly point: Tensor;
  /** Claimed to be that of Σ cotangent · output, at the point. */
  readonly gradient: Tensor;
  readonly cotangent: Float32Array;
  readonly run: (input: Tensor) => Promise<Tensor>;
  readonly dice: Dice;
}

/**
 * The two widths of a difference agree to θ, which leaves an error of 5θ (see finite-difference.ts); the claim may be apart by
 * twice that. All of it is relative to ‖gradient · direction‖, which a sum over a direction reaches and does not exceed by much.
 */
const agreement = 2e-3;
const tolerance = 10 * agreement;
/** A wide difference has little noise, a narrow one meets few kinks. All are powers of two, so that the points are exact. */
const widths = [2 ** -5, 2 ** -8, 2 ** -11];
/** The last bits of a sum of float32 products. */
const noise = 2 ** -21;

/** Along a random direction through all cells, through a few, and through single ones. */
export async function judgeGradient(claim: Claim): Promise<Verdict> {
  const { gradient, point, dice } = claim;
  if (gradient.dims.join('×') !== point.dims.join('×')) {
    return { kind: 'differs', reason: `the gradient is ${gradient.dims.join('×')}` };
  }
  if (!gradient.data.every(Number.isFinite)) return { kind: 'differs', reason: 'the gradient is not finite' };
  const size = point.data.length;
  const verdicts: Verdict[] = [];
  for (const cells of [size, Math.min(4, size), 1, 1]) {
    verdicts.push(await judgeAlong(claim, randomDirection(dice, size, cells)));
  }
  const [worst] = verdicts.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return worst!;
}

const order = ['differs', 'agrees', 'discarded'];

/** Zero but for so many cells; multiples of 1/64 there. */
function randomDirection(dice: Dice, size: number, cells: number): Float32Array {
  const direction = new Float32Array(size);
  const step = (): number => dice.int(16, 64) / (dice.chance(0.5) ? 64 : -64);
  if (cells === size) return direction.map(step);
  for (let index = 0; index < cells; index += 1) direction[dice.int(0, size - 1)] = step();
  return direction;
}

async function judgeAlong(
  { point, gradient, cotangent, run }: Claim,
  direction: Float32Array,
): Promise<Verdict> {
  // Logits may be the small difference of values around 1, of which the last bits are all that is left.
  let spread = 0.1;
  let isFinite = true;
  const at = async (distance: number): Promise<number> => {
    const data = point.data.map((value, index) => value + distance * direction[index]!);
    const logits = await run({ dims: point.dims, data });
    const terms = Array.from(logits.data, (value, index) => value * cotangent[index]!);
    spread = Math.max(spread, Math.hypot(...terms));
    isFinite &&= terms.every(Number.isFinite);
    return terms.reduce((sum, term) => sum + term, 0);
  };
  const parts = gradient.data.map((value, index) => value * direction[index]!);
  const claimed = parts.reduce((sum, part) => sum + part, 0);
  const scale = Math.hypot(...parts);
  const differences: string[] = [];
  for (const width of widths) {
    const { slope, isSmooth } = await slopeOf(at, width, scale, agreement);
    if (!isFinite) return { kind: 'discarded', reason: 'not finite' };
    if (!isSmooth) continue;
    const allowed = tolerance * Math.max(scale, Math.abs(slope));
    const lost = (noise * spread) / width;
    if (Math.abs(slope - claimed) <= allowed + lost) {
      return allowed > lost ? { kind: 'agrees' } : { kind: 'discarded', reason: 'faint' };
    }
    const cells = direction.filter((each) => each !== 0).length;
    differences.push(`slope ${slope} along ${cells} cells, by the gradient ${claimed}`);
  }
  // Many small steps look like a slope, but not over every width.
  return differences.length > 1
    ? { kind: 'differs', reason: differences.join('; ') }
    : { kind: 'discarded', reason: 'kinks' };
}
