import type { NetworkDraft } from '../network-draft.ts';

/**
 * Adds one operator, with whatever has to stand before it, to a network: from the tensor `x`, which follows the input, to a
 * result that follows it, too. Undefined, with nothing added, where the operator does not fit `x` or the opset.
 */
export type Draw = (draft: NetworkDraft, x: string) => string | undefined;
export type Drawings = Readonly<Record<string, Draw>>;

/** The operator exists since this opset. */
export function since(opset: number, draw: Draw): Draw {
  return (draft, x) => (draft.opset < opset ? undefined : draw(draft, x));
}

/** Well away from zero, for roots, logarithms and divisors. */
export function positive(draft: NetworkDraft, x: string): string {
  const { dice } = draft;
  const above = draft.reals(dice.chance(0.5) ? [] : [1], 0.25, 1);
  if (dice.chance(0.3)) return draft.op('Add', [draft.op('Mul', [x, x]), above]);
  return draft.op('Add', [draft.op(dice.pick(['Abs', 'Sigmoid', 'Softplus']), [x]), above]);
}

/** At most 1.5, for exponentials. */
export function bounded(draft: NetworkDraft, x: string): string {
  return x === draft.input ? x : draft.op(draft.dice.pick(['Tanh', 'Softsign', 'Sin']), [x]);
}

/** Now and then so large that saturated ends are seen. */
export function widened(draft: NetworkDraft, x: string): string {
  return draft.dice.chance(0.3) ? draft.op('Mul', [x, draft.scalar(3)]) : x;
}

/** The shape that two tensors give together, if they fit. */
export function together(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const pairs = Array.from({ length: rank }, (_, axis): [number, number] => [
    a[axis - rank + a.length] ?? 1,
    b[axis - rank + b.length] ?? 1,
  ]);
  const isFit = pairs.every(([one, other]) => one === other || one === 1 || other === 1);
  return isFit ? pairs.map(([one, other]) => Math.max(one, other)) : undefined;
}

/** A shape that broadcasts with `dims`, most often to `dims`. */
function shapeBeside(draft: NetworkDraft, dims: readonly number[]): number[] {
  const { dice } = draft;
  const kept = dims.slice(dice.chance(0.5) ? 0 : dice.int(0, dims.length));
  const shape = kept.map((dim) => {
    if (dim === 1) return dice.chance(0.2) ? dice.int(2, 3) : 1;
    return dice.chance(0.3) ? 1 : dim;
  });
  if (shape.length === dims.length && dims.length < 5 && dice.chance(0.1)) shape.unshift(dice.int(1, 2));
  return draft.fits(together(shape, dims)!) ? shape : [];
}

/** A second operand: weights, or something else that follows the input, but not x. */
export function partner(draft: NetworkDraft, x: string, low = -1.5, high = 1.5): string {
  const dims = draft.dims(x);
  const isFit = (other: readonly number[]): boolean => {
    const result = together(other, dims);
    return result !== undefined && draft.fits(result);
  };
  const other = draft.dice.chance(0.4) ? draft.find(isFit, [x]) : undefined;
  return other ?? draft.reals(shapeBeside(draft, dims), low, high);
}

/** The operands in either order. */
export function eitherWay(draft: NetworkDraft, a: string, b: string): [string, string] {
  return draft.dice.chance(0.5) ? [a, b] : [b, a];
}
