import { int, string } from '../../../shared/onnx/attributes.ts';
import { sizeOf } from '../../../shared/onnx/graph.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings, since } from './drawing.ts';

/** Operators that take or write slices and cells by their number. */

/** Numbers of slices: an even row, upwards or downwards, or any. */
function places({ dice, opset }: NetworkDraft, size: number, count: number): number[] {
  const isEven = dice.chance(0.4);
  const steps = [1, -1, 2, -2].filter((step) => (count - 1) * Math.abs(step) < size);
  const step = steps.length > 0 && isEven ? dice.pick(steps) : undefined;
  const span = step === undefined ? 0 : (count - 1) * step;
  const first = dice.int(Math.max(0, -span), size - 1 - Math.max(0, span));
  return Array.from({ length: count }, (_, index) => {
    const place = step === undefined ? dice.int(0, size - 1) : first + index * step;
    return opset >= 11 && dice.chance(0.2) ? place - size : place;
  });
}

const gather: Draw = (draft, x) => {
  const { dice } = draft;
  const rank = draft.rank(x);
  if (rank === 0) return undefined;
  const axis = dice.int(0, rank - 1);
  const shape = dice.pick([[], [1], [dice.int(2, 4)], [dice.int(2, 4)], [2, 2]]);
  const dims = draft.dims(x);
  if (!draft.fits([...dims.slice(0, axis), ...shape, ...dims.slice(axis + 1)])) return undefined;
  const known = (): string =>
    draft.constant(dice.pick(['int64', 'int32']), shape, places(draft, dims[axis]!, sizeOf(shape)));
  // Numbers that depend on the input are whole, and have no gradient.
  const found = (): string => {
    const flat = draft.op('Reshape', [x, draft.ints([sizeOf(dims.slice(0, axis)), dims[axis]!, -1])]);
    const extremes = draft.op('ArgMax', [flat], { axis: int(1), keepdims: int(0) });
    return draft.op('Slice', [
      draft.op('Reshape', [extremes, draft.ints([-1])]),
      ...[[0], [2], [0]].map((list) => draft.ints(list)),
    ]);
  };
  const indices = draft.opset >= 10 && dice.chance(0.15) ? found() : known();
  return draft.op(
    'Gather',
    [x, indices],
    axis === 0 && dice.chance(0.5) ? {} : { axis: int(draft.axis(axis, rank)) },
  );
};

/** At most the shape of `dims`, but on the axis anything. */
function partOf({ dice }: NetworkDraft, dims: readonly number[], axis: number, most: number): number[] {
  return dims.map((dim, each) =>
    each === axis ? dice.int(1, most) : dice.chance(0.6) ? dim : dice.int(1, dim),
  );
}

const gatherElements: Draw = (draft, x) => {
  const { dice } = draft;
  const [rank, dims] = [draft.rank(x), draft.dims(x)];
  if (rank === 0) return undefined;
  const axis = dice.int(0, rank - 1);
  const shape = partOf(draft, dims, axis, 4);
  if (!draft.fits(shape)) return undefined;
  const values = Array.from({ length: sizeOf(shape) }, () => dice.int(-dims[axis]!, dims[axis]! - 1));
  const indices = draft.constant(dice.pick(['int64', 'int32']), shape, values);
  return draft.op('GatherElements', [x, indices], { axis: int(draft.axis(axis, rank)) });
};

/** Places along one axis of which no two on a line are the same. */
function distinct({ dice }: NetworkDraft, shape: readonly number[], axis: number, size: number): number[] {
  const run = sizeOf(shape.slice(axis + 1));
  const count = shape[axis]!;
  const values = Array<number>(sizeOf(shape));
  for (let row = 0; row < values.length / (count * run); row += 1) {
    for (let column = 0; column < run; column += 1) {
      const chosen = dice.shuffled([...Array(size).keys()]);
      for (let step = 0; step < count; step += 1) values[(row * count + step) * run + column] = chosen[step]!;
    }
  }
  return values.map((place) => (dice.chance(0.2) ? place - size : place));
}

function scatter(opType: string): Draw {
  return (draft, x) => {
    const { dice } = draft;
    const [rank, dims] = [draft.rank(x), draft.dims(x)];
    if (rank === 0) return undefined;
    const axis = dice.int(0, rank - 1);
    const size = dims[axis]!;
    const isAdded = draft.opset >= 16 && dice.chance(0.4);
    const shape = partOf(draft, dims, axis, isAdded ? 4 : size);
    if (!draft.fits(shape)) return undefined;
    const values = isAdded
      ? Array.from({ length: sizeOf(shape) }, () => dice.int(-size, size - 1))
      : distinct(draft, shape, axis, size);
    const places = opType === 'Scatter' ? values.map((each) => (each < 0 ? each + size : each)) : values;
    const indices = draft.constant('int64', shape, places);
    const isShape = (other: readonly number[]): boolean => other.join('×') === shape.join('×');
    const moving = dice.chance(0.6) ? draft.find(isShape) : undefined;
    const isWritten = isShape(dims) && dice.chance(0.3);
    const inputs = isWritten ? [draft.reals(dims), indices, x] : [x, indices, moving ?? draft.reals(shape)];
    return draft.op(opType, inputs, {
      axis: int(opType === 'Scatter' ? axis : draft.axis(axis, rank)),
      ...(isAdded && { reduction: string('add') }),
    });
  };
}

/** Lists of coordinates; no list twice where that counts. */
function coordinates(
  { dice }: NetworkDraft,
  dims: readonly number[],
  count: number,
  isDistinct: boolean,
): number[] {
  const all = sizeOf(dims);
  const places = isDistinct
    ? dice.shuffled([...Array(all).keys()]).slice(0, count)
    : Array.from({ length: count }, () => dice.int(0, all - 1));
  return places.flatMap((place) =>
    dims.map((dim, axis) => {
      const coordinate = Math.floor(place / sizeOf(dims.slice(axis + 1))) % dim;
      return dice.chance(0.15) ? coordinate - dim : coordinate;
    }),
  );
}

const gatherNd: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  if (dims.length === 0) return undefined;
  const batch = draft.opset >= 12 && dims.length > 1 && dice.chance(0.4) ? dice.int(1, dims.length - 1) : 0;
  const depth = dice.int(1, dims.length - batch);
  const lists = dice.pick([[2], [3], [2, 2]]);
  const shape = [...dims.slice(0, batch), ...lists];
  if (!draft.fits([...shape, ...dims.slice(batch + depth)])) return undefined;
  const values = coordinates(draft, dims.slice(batch, batch + depth), sizeOf(shape), false);
  const places = draft.constant('int64', [...shape, depth], values);
  return draft.op('GatherND', [x, places], batch > 0 ? { batch_dims: int(batch) } : {});
};

const scatterNd: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  if (dims.length === 0) return undefined;
  const depth = dice.int(1, dims.length);
  const isAdded = draft.opset >= 16 && dice.chance(0.5);
  const count = Math.min(dice.int(1, 4), sizeOf(dims.slice(0, depth)));
  const values = coordinates(draft, dims.slice(0, depth), count, !isAdded);
  const shape = [count, ...dims.slice(depth)];
  const moving = draft.find((other) => other.join('×') === shape.join('×'));
  const updates = moving !== undefined && dice.chance(0.7) ? moving : draft.reals(shape);
  return draft.op(
    'ScatterND',
    [x, draft.constant('int64', [count, depth], values), updates],
    isAdded ? { reduction: string('add') } : {},
  );
};

const topK: Draw = (draft, x) => {
  const { dice } = draft;
  const rank = draft.rank(x);
  if (rank === 0) return undefined;
  const axis = dice.int(0, rank - 1);
  const count = dice.int(1, draft.dims(x)[axis]!);
  const settings = dice.chance(0.2) && axis === rank - 1 ? {} : { axis: int(draft.axis(axis, rank)) };
  if (draft.opset < 10) return draft.ops('TopK', [x], { ...settings, k: int(count) }, 2)[0];
  const order = draft.opset >= 11 && dice.chance(0.5) ? { largest: int(dice.int(0, 1)) } : {};
  const results = draft.ops('TopK', [x, draft.ints([count])], { ...settings, ...order }, 2);
  if (draft.opset < 11 || dice.chance(0.6)) return results[0];
  return draft.op('GatherElements', [x, results[1]!], { axis: int(axis) });
};

const compress: Draw = (draft, x) => {
  const { dice } = draft;
  const rank = draft.rank(x);
  if (rank === 0) return undefined;
  const axis = dice.chance(0.3) ? undefined : dice.int(0, rank - 1);
  const size = axis === undefined ? draft.size(x) : draft.dims(x)[axis]!;
  const taken = dice.some([...Array(size).keys()]);
  const flags = Array.from({ length: dice.chance(0.3) ? taken.at(-1)! + 1 : size }, (_, place) =>
    Number(taken.includes(place)),
  );
  const settings = axis === undefined ? {} : { axis: int(draft.axis(axis, rank)) };
  return draft.op('Compress', [x, draft.constant('bool', [flags.length], flags)], settings);
};

/** The places of what is not zero in a list of weights. */
const nonZero: Draw = (draft, x) => {
  const first = draft.dims(x)[0];
  if (first === undefined || draft.opset < 13) return undefined;
  const flags = Array.from({ length: first }, (_, place) => (place === 0 ? 1 : draft.dice.int(0, 1)));
  const found = draft.op('NonZero', [draft.constant('float32', [first], flags)]);
  return draft.op('Gather', [x, draft.op('Squeeze', [found, draft.ints([0])])]);
};

/** Which is the largest, as a row of flags. */
const oneHot: Draw = (draft, x) => {
  const { dice } = draft;
  const rank = draft.rank(x);
  if (rank === 0 || rank > 4 || draft.opset < 11) return undefined;
  const axis = dice.int(0, rank - 1);
  const depth = draft.dims(x)[axis]!;
  const places = draft.op('ArgMax', [x], { axis: int(axis), keepdims: int(0) });
  const values = draft.constant('float32', [2], [dice.real(-1, 0), dice.real(0.5, 1)]);
  const settings = { axis: int(draft.axis(axis, rank)) };
  return draft.op('Mul', [x, draft.op('OneHot', [places, draft.ints([depth]), values], settings)]);
};

export const gathering: Drawings = {
  Gather: gather,
  GatherElements: since(11, gatherElements),
  GatherND: since(11, gatherNd),
  ScatterND: since(11, scatterNd),
  TopK: topK,
  Compress: compress,
  NonZero: nonZero,
  OneHot: oneHot,
  ScatterElements: since(11, scatter('ScatterElements')),
  // It was renamed in opset 11.
  Scatter: (draft, x) => (draft.opset > 10 ? undefined : scatter('Scatter')(draft, x)),
};
