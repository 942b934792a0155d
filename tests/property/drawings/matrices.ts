import { float, int, ints, string } from '../../../shared/onnx/attributes.ts';
import { sizeOf } from '../../../shared/onnx/graph.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings, since } from './drawing.ts';

/** Products of matrices and sums over named axes. */

function weights(draft: NetworkDraft, dims: readonly number[], terms: number): string {
  const most = 1.5 / Math.sqrt(terms);
  return draft.reals(dims, -most, most);
}

/** With itself turned around: both factors follow the input. */
function withItself(draft: NetworkDraft, x: string): string | undefined {
  const rank = draft.rank(x);
  const [rows, columns] = draft.dims(x).slice(-2) as [number, number];
  if (!draft.fits([draft.size(x), Math.max(rows, columns)])) return undefined;
  const order = [...Array(rank).keys()];
  [order[rank - 1], order[rank - 2]] = [rank - 2, rank - 1];
  const turned = draft.op('Transpose', [x], { perm: ints(order) });
  return draft.op('MatMul', draft.dice.chance(0.5) ? [x, turned] : [turned, x]);
}

/** Batch axes that broadcast with those of x. */
function batchBeside(draft: NetworkDraft, batch: readonly number[]): number[] {
  const { dice } = draft;
  const kept = batch.slice(dice.int(0, batch.length)).map((dim) => (dice.chance(0.3) ? 1 : dim));
  return kept.length === batch.length && kept.length < 3 && dice.chance(0.2) ? [2, ...kept] : kept;
}

const matMul: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  if (dims.length === 0) return undefined;
  const batch = dims.slice(0, -2);
  const last = dims.at(-1)!;
  if (dims.length === 1 || dice.chance(0.5)) {
    const columns = dice.int(1, 4);
    const shape = dice.pick([[last], [last, columns], [...batchBeside(draft, batch), last, columns]]);
    return draft.op('MatMul', [x, weights(draft, shape, last)]);
  }
  const inner = dims.at(-2)!;
  if (dice.chance(0.3)) return withItself(draft, x);
  const rows = dice.int(1, 4);
  const shape = dice.pick([[inner], [rows, inner], [...batchBeside(draft, batch), rows, inner]]);
  return draft.op('MatMul', [weights(draft, shape, inner), x]);
};

const gemm: Draw = (draft, x) => {
  const { dice } = draft;
  if (draft.rank(x) === 0) return undefined;
  const flat =
    draft.rank(x) === 2 && dice.chance(0.7)
      ? x
      : draft.op('Flatten', [x], { axis: int(dice.int(0, draft.rank(x))) });
  const [transA, transB, isRight] = [dice.chance(0.4), dice.chance(0.4), dice.chance(0.25)];
  const dims = draft.dims(flat) as [number, number];
  const isTurned = isRight ? transB : transA;
  const [rows, columns] = isTurned ? dims.toReversed() : dims;
  const [inner, outer] = isRight ? [rows!, columns!] : [columns!, rows!];
  const free = dice.int(1, 4);
  const oriented = isRight ? [free, inner] : [inner, free];
  const isOtherTurned = isRight ? transA : transB;
  const isSquare = isRight ? false : transA !== transB && dice.chance(0.3) && outer * outer <= 400;
  const other = isSquare ? flat : weights(draft, isOtherTurned ? oriented.toReversed() : oriented, inner);
  const result = isSquare ? [outer, outer] : isRight ? [free, outer] : [outer, free];
  if (!draft.fits(result)) return undefined;
  return draft.op('Gemm', [...(isRight ? [other, flat] : [flat, other]), ...shift(draft, result)], {
    ...(transA && { transA: int(1) }),
    ...(transB && { transB: int(1) }),
    ...(dice.chance(0.4) && { alpha: float(dice.real(0.5, 1.5)) }),
    ...(dice.chance(0.4) && { beta: float(dice.real(0.5, 1.5)) }),
  });
};

/** The third operand of Gemm: nothing, weights, or something that follows the input; optional since opset 11. */
function shift(draft: NetworkDraft, result: readonly number[]): string[] {
  const { dice } = draft;
  if (draft.opset >= 11 && dice.chance(0.3)) return [];
  const [rows, columns] = result as [number, number];
  const shapes = [[], [1], [columns], [1, columns], [rows, 1], [rows, columns]];
  const moving = draft.find((dims) => shapes.some((shape) => shape.join('×') === dims.join('×')));
  return [moving !== undefined && dice.chance(0.5) ? moving : draft.reals(dice.pick(shapes))];
}

const einsum: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  if (dims.length === 0) return undefined;
  const letters = dice.shuffled('abcdeijk'.split(''));
  const left = letters.slice(0, dims.length);
  const sizes = new Map(left.map((letter, axis) => [letter, dims[axis]!]));
  const isAlone = dice.chance(0.2);
  const shared = dice.shuffled(left).slice(0, dice.int(0, 2));
  const fresh = letters.slice(dims.length, dims.length + dice.int(0, 1));
  for (const letter of fresh) sizes.set(letter, dice.int(1, 3));
  // Two operands that follow the input have the same shape, and so the same letters in the same order.
  const isTwice = !isAlone && dice.chance(0.25);
  const right = isTwice ? left : dice.shuffled([...shared, ...fresh]);
  const known = isAlone ? left : [...new Set([...left, ...right])];
  const result = dice.shuffled(known).slice(0, dice.int(0, Math.min(4, known.length)));
  const shape = (term: readonly string[]): number[] => term.map((letter) => sizes.get(letter)!);
  if (!draft.fits(shape(result))) return undefined;
  const summed = sizeOf(shape(known.filter((letter) => !result.includes(letter))));
  const other = (): string => (isTwice ? x : weights(draft, shape(right), summed));
  const isLeft = dice.chance(0.5);
  const inputs = isAlone ? [x] : isLeft ? [x, other()] : [other(), x];
  const terms = isAlone ? [left] : isLeft ? [left, right] : [right, left];
  const space = dice.pick(['', ' ']);
  const equation = `${terms.map((term) => term.join('')).join(`,${space}`)}${space}->${space}${result.join('')}`;
  return draft.op('Einsum', inputs, { equation: string(equation) });
};

export const matrices: Drawings = { MatMul: matMul, Gemm: gemm, Einsum: since(12, einsum) };
