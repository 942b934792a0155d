import { int } from '../../../shared/onnx/attributes.ts';
import { sizeOf } from '../../../shared/onnx/graph.ts';
import type { NetworkDraft } from '../network-draft.ts';
import {
  bounded,
  type Draw,
  type Drawings,
  eitherWay,
  partner,
  positive,
  since,
  together,
} from './drawing.ts';

/** Operators of several operands with broadcasting. */

function binary(opType: string, mayTakeTwice = true): Draw {
  return (draft, x) => {
    const isTwice = mayTakeTwice && draft.dice.chance(0.1);
    return draft.op(opType, eitherWay(draft, x, isTwice ? x : partner(draft, x)));
  };
}

const div: Draw = (draft, x) => {
  if (draft.dice.chance(0.4)) return draft.op('Div', [x, partnerAbove(draft, x)]);
  return draft.op('Div', [partner(draft, x), positive(draft, x)]);
};

/** A divisor or base: positive whatever it is made of. */
function partnerAbove(draft: NetworkDraft, x: string): string {
  const other = partner(draft, x, 0.5, 2);
  return draft.moving.includes(other) ? positive(draft, other) : other;
}

const pow: Draw = (draft, x) => {
  const { dice } = draft;
  if (dice.chance(0.4)) return draft.op('Pow', [positive(draft, x), partner(draft, x)]);
  if (dice.chance(0.3)) return draft.op('Pow', [partnerAbove(draft, x), x]);
  const isWhole = draft.opset >= 12 && dice.chance(0.4);
  // Whole powers are defined for negative and vanishing bases, too; 0 gives ones, and a network that stands still.
  const exponents = draft.constant(isWhole ? 'int64' : 'float32', ...wholeExponents(draft, x));
  return draft.op('Pow', [dice.chance(0.3) ? draft.op('Relu', [x]) : x, exponents]);
};

function wholeExponents(draft: NetworkDraft, x: string): [dims: readonly number[], values: number[]] {
  const { dice } = draft;
  const last = draft.dims(x).at(-1);
  if (last === undefined || last < 2 || dice.chance(0.6)) return [[], [dice.int(1, 3)]];
  return [[last], Array.from({ length: last }, (_, index) => (index === 0 ? 2 : dice.int(0, 3)))];
}

/** One to three operands that fit together. */
function several(opType: string): Draw {
  return (draft, x) => {
    const operands = [x];
    let dims: readonly number[] = draft.dims(x);
    for (let left = draft.dice.int(0, 2); left > 0; left -= 1) {
      const other = partner(draft, x);
      const result = together(dims, draft.dims(other));
      if (result === undefined || !draft.fits(result)) continue;
      operands.push(other);
      dims = result;
    }
    return draft.op(opType, draft.dice.shuffled(operands));
  };
}

/** The remainder with the sign of the dividend; real numbers have no other. */
const mod = since(10, (draft, x) => {
  const isDivisor = draft.dice.chance(0.3);
  const moving = bounded(draft, x);
  const operands = isDivisor
    ? [partner(draft, x), positive(draft, moving)]
    : [moving, partnerAbove(draft, x)];
  return draft.op('Mod', operands, { fmod: int(1) });
});

/** Whether x, or something that depends on it, exceeds a limit; opset 9 knows the plain comparisons only. */
export function condition(draft: NetworkDraft, x: string, opType?: string): string {
  const { dice } = draft;
  const comparisons =
    draft.opset < 12 ? ['Greater', 'Less'] : ['Greater', 'Less', 'GreaterOrEqual', 'LessOrEqual'];
  const compare = (name: string): string => draft.op(name, [x, partner(draft, x)]);
  switch (opType) {
    case undefined:
      return dice.chance(0.3) ? given(draft, x) : compare(dice.pick(comparisons));
    case 'And':
    case 'Or':
    case 'Xor':
      return draft.op(opType, [compare(dice.pick(comparisons)), given(draft, x)]);
    case 'Not':
      return draft.op('Not', [compare(dice.pick(comparisons))]);
    case 'IsNaN':
    case 'IsInf':
      return draft.op(opType, [x]);
    default:
      return compare(opType);
  }
}

/** A condition that is known beforehand. */
function given(draft: NetworkDraft, x: string): string {
  const dims = draft.dims(x);
  const shape = dims.slice(draft.dice.int(0, dims.length));
  const values = Array.from({ length: sizeOf(shape) }, () => draft.dice.int(0, 1));
  return draft.constant('bool', shape, values);
}

function isHardlyEverTrue(opType: string | undefined): boolean {
  return opType !== undefined && ['Equal', 'IsNaN', 'IsInf'].includes(opType);
}

const where: Draw = (draft, x) => whereBy(draft, x, condition(draft, x));

function whereBy(draft: NetworkDraft, x: string, by: string, opType?: string): string {
  const other = partner(draft, x);
  const dims = together(together(draft.dims(by), draft.dims(x))!, draft.dims(other));
  const second = dims !== undefined && draft.fits(dims) ? other : draft.scalar(0.5);
  // Where it is false something has to move.
  const isRare = isHardlyEverTrue(opType);
  return draft.op('Where', [by, ...(isRare ? [second, x] : eitherWay(draft, x, second))]);
}

/** A comparison chooses between branches, or is a factor of 0 or 1. */
function comparing(opType: string): Draw {
  return (draft, x) => {
    const by = condition(draft, x, opType);
    if (isHardlyEverTrue(opType) || draft.dice.chance(0.6)) return whereBy(draft, x, by, opType);
    return draft.op('Mul', [x, draft.op('Cast', [by], { to: int(1) })]);
  };
}

/** Steps have no slope of their own, but what they multiply has. So many that they look like a slope would be too many. */
function stepping(opType: string): Draw {
  return (draft, x) => {
    const steps = draft.op(opType, [draft.op('Mul', [bounded(draft, x), draft.scalar(1.75)])]);
    return draft.op(draft.dice.pick(['Add', 'Mul', 'Sub']), eitherWay(draft, x, steps));
  };
}

export const arithmetic: Drawings = {
  Add: binary('Add'),
  Sub: binary('Sub', false),
  Mul: binary('Mul'),
  Div: div,
  Pow: pow,
  Mod: mod,
  Sum: several('Sum'),
  Mean: several('Mean'),
  Max: several('Max'),
  Min: several('Min'),
  Where: where,
};

export const steps: Drawings = {
  ...Object.fromEntries(
    ['Greater', 'Less', 'And', 'Or', 'Xor', 'Not', 'IsNaN'].map((name) => [name, comparing(name)]),
  ),
  ...Object.fromEntries(['Floor', 'Ceil', 'Sign'].map((name) => [name, stepping(name)])),
  IsInf: since(10, comparing('IsInf')),
  Equal: since(11, comparing('Equal')),
  GreaterOrEqual: since(12, comparing('GreaterOrEqual')),
  LessOrEqual: since(12, comparing('LessOrEqual')),
  Round: since(11, stepping('Round')),
};
