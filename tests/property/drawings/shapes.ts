import { int, ints, string } from '../../../shared/onnx/attributes.ts';
import { constantOf } from '../../../shared/onnx/constants.ts';
import { type AttributeValue, sizeOf } from '../../../shared/onnx/graph.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings, eitherWay, since, together } from './drawing.ts';

/** Operators that move or repeat values, and the shape arithmetic that exporters put before them. */

const primes = [2, 3, 5, 7, 11, 13];

function factorsOf(size: number): number[] {
  const prime = primes.find((each) => size % each === 0);
  if (size === 1) return [];
  return prime === undefined ? [size] : [prime, ...factorsOf(size / prime)];
}

/** Another shape for as many values. */
function otherShape({ dice }: NetworkDraft, size: number): number[] {
  const shape = Array<number>(dice.int(1, 5)).fill(1);
  for (const factor of factorsOf(size)) shape[dice.int(0, shape.length - 1)]! *= factor;
  return shape;
}

const reshape: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  const shape = otherShape(draft, draft.size(x));
  const asked = shape.map((dim, axis) => (dim === dims[axis] && dice.chance(0.4) ? 0 : dim));
  if (dice.chance(0.4)) asked[dice.int(0, asked.length - 1)] = -1;
  return draft.op('Reshape', [x, draft.ints(asked)]);
};

/** As exporters write "keep the first axes, flatten the rest". */
const shapeOf: Draw = (draft, x) => {
  const { dice } = draft;
  const rank = draft.rank(x);
  if (rank === 0) return undefined;
  const kept = dice.int(1, rank);
  const first = (): string => {
    if (draft.opset >= 15 && dice.chance(0.5)) {
      return draft.op('Shape', [x], { start: int(0), end: int(kept - rank === 0 ? rank : kept - rank) });
    }
    const whole = draft.op('Shape', [x]);
    return draft.op('Gather', [whole, draft.ints([...Array(kept).keys()])], { axis: int(0) });
  };
  const shape = draft.op('Concat', [first(), draft.ints([-1])], { axis: int(0) });
  return kept > 4 ? draft.op('Mul', [x, draft.scalar(0.5)]) : draft.op('Reshape', [x, shape]);
};

/** A mean written by hand. */
const size: Draw = (draft, x) => {
  const count = draft.op('Cast', [draft.op('Size', [x])], { to: int(1) });
  const root = draft.op('Sqrt', [count]);
  return draft.op('Div', [x, root]);
};

/** A ramp along the last axis, as position embeddings have it. */
const range: Draw = (draft, x) => {
  const last = draft.dims(x).at(-1);
  if (last === undefined) return undefined;
  const [start, step] = [draft.dice.int(-2, 2), draft.dice.pick([-1, 1, 2])];
  const limits = [start, start + last * step, step].map((each) => draft.constant('int64', [], [each]));
  const ramp = draft.op('Cast', [draft.op('Range', limits)], { to: int(1) });
  return draft.op(draft.dice.pick(['Add', 'Mul']), eitherWay(draft, x, ramp));
};

const constantOfShape: Draw = (draft, x) => {
  const value = constantOf('float32', [1], [0.75]);
  const given: Record<string, AttributeValue> = draft.dice.chance(0.7)
    ? { value: { kind: 'tensor', value } }
    : {};
  const filled = draft.op('ConstantOfShape', [draft.op('Shape', [x])], given);
  return draft.op(draft.dice.pick(['Add', 'Max']), eitherWay(draft, x, filled));
};

const flatten: Draw = (draft, x) => {
  const rank = draft.rank(x);
  if (rank === 0) return undefined;
  const axis = draft.dice.chance(0.3) ? rank : draft.anyAxis(x);
  return draft.op('Flatten', [x], draft.dice.chance(0.2) ? {} : { axis: int(axis) });
};

const squeeze: Draw = (draft, x) => {
  const rank = draft.rank(x);
  const ones = draft.dims(x).flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  if (ones.length === 0) return undefined;
  if (draft.dice.chance(0.2)) return draft.op('Squeeze', [x]);
  const axes = draft.dice.some(ones).map((axis) => draft.axis(axis, rank));
  const [inputs, attributes] = draft.withList(13, 'axes', axes);
  return draft.op('Squeeze', [x, ...inputs], attributes);
};

const unsqueeze: Draw = (draft, x) => {
  const rank = draft.rank(x) + draft.dice.int(1, 2);
  if (rank > 5) return undefined;
  const places = draft.dice.shuffled([...Array(rank).keys()]).slice(0, rank - draft.rank(x));
  const axes = places.map((axis) => draft.axis(axis, rank));
  const [inputs, attributes] = draft.withList(13, 'axes', axes);
  return draft.op('Unsqueeze', [x, ...inputs], attributes);
};

const transpose: Draw = (draft, x) => {
  if (draft.rank(x) < 2) return undefined;
  if (draft.dice.chance(0.2)) return draft.op('Transpose', [x]);
  const order = draft.dice.shuffled([...Array(draft.rank(x)).keys()]);
  return draft.op('Transpose', [x], { perm: ints(order) });
};

const depthToSpace: Draw = (draft, x) => {
  const channels = draft.dims(x)[1] ?? 1;
  const block = [3, 2].find((each) => channels % (each * each) === 0);
  if (draft.rank(x) !== 4 || block === undefined) return undefined;
  const mode =
    draft.opset >= 11 ? draft.dice.pick([{}, { mode: string('CRD') }, { mode: string('DCR') }]) : {};
  return draft.op('DepthToSpace', [x], { blocksize: int(block), ...mode });
};

const spaceToDepth: Draw = (draft, x) => {
  const [, , rows, columns] = draft.dims(x) as [number, number, number, number];
  const block = [3, 2].find((each) => rows % each === 0 && columns % each === 0);
  if (draft.rank(x) !== 4 || block === undefined) return undefined;
  return draft.op('SpaceToDepth', [x], { blocksize: int(block) });
};

const expand: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  const wanted = dims.map((dim) => (dim === 1 ? dice.int(1, 3) : dice.pick([dim, dim, 1])));
  if (dims.length < 5 && dice.chance(0.4)) wanted.unshift(dice.int(1, 3));
  const shape = wanted.length > 1 && dice.chance(0.2) ? wanted.slice(1) : wanted;
  if (!draft.fits(together(dims, shape)!)) return undefined;
  return draft.op('Expand', [x, draft.ints(shape)]);
};

const tile: Draw = (draft, x) => {
  const dims = draft.dims(x);
  const repeats = dims.map(() => draft.dice.pick([1, 1, 2, 3]));
  if (dims.length === 0 || !draft.fits([sizeOf(dims) * sizeOf(repeats)])) return undefined;
  return draft.op('Tile', [x, draft.ints(repeats)]);
};

const trilu: Draw = (draft, x) => {
  const { dice } = draft;
  if (draft.rank(x) < 2) return undefined;
  const diagonal = dice.chance(0.5) ? [draft.constant('int64', [], [dice.int(-2, 2)])] : [];
  return draft.op('Trilu', [x, ...diagonal], dice.pick([{}, { upper: int(0) }, { upper: int(1) }]));
};

const eyeLike: Draw = (draft, x) => {
  if (draft.rank(x) === 0) return undefined;
  const flat = draft.rank(x) === 2 ? x : draft.op('Flatten', [x]);
  const eye = draft.op('EyeLike', [flat], { dtype: int(1), k: int(draft.dice.int(-1, 1)) });
  return draft.op('Add', [flat, eye]);
};

export const shapes: Drawings = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Expand: expand,
  Tile: tile,
  Trilu: since(14, trilu),
  EyeLike: eyeLike,
  Shape: shapeOf,
  Size: size,
  Range: since(11, range),
  ConstantOfShape: constantOfShape,
  Constant: (draft, x) => {
    const value = constantOf('float32', [1], [draft.dice.real(0.5, 1.5)]);
    const constant = draft.op('Constant', [], { value: { kind: 'tensor', value } });
    return draft.op(draft.dice.pick(['Add', 'Mul']), [x, constant]);
  },
};
