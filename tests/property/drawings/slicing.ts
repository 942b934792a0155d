import { float, int, ints, string } from '../../../shared/onnx/attributes.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings } from './drawing.ts';

/** Operators that cut, join and pad. */

/** "To the end", as exporters write it. */
const farAway = 2 ** 40;

/** Start, end and step that take `count` slices of an axis, written in one of the ways the standard allows. */
function cut({ dice }: NetworkDraft, dim: number, mayStep: boolean) {
  const most = mayStep ? Math.min(3, dim) : 1;
  const step = dice.int(1, most) * (mayStep && dice.chance(0.4) ? -1 : 1);
  const count = dice.int(1, Math.floor((dim - 1) / Math.abs(step)) + 1);
  const span = (count - 1) * Math.abs(step);
  const low = dice.int(0, dim - 1 - span);
  const [first, last] = step > 0 ? [low, low + span] : [low + span, low];
  const start = dice.chance(0.3) ? first - dim : first;
  if (step > 0) {
    const end = Math.min(dim, last + dice.int(1, step));
    if (end === dim) return { start, end: dice.pick([dim, dim + 3, farAway]), step };
    return { start, end: dice.chance(0.3) ? end - dim : end, step };
  }
  const end = Math.max(-1, last - dice.int(1, -step));
  if (end === -1) return { start, end: dice.pick([-dim - 1, -farAway]), step };
  return { start, end: dice.chance(0.3) ? end - dim : end, step };
}

const slice: Draw = (draft, x) => {
  const { dice } = draft;
  const rank = draft.rank(x);
  if (rank === 0) return undefined;
  const isAll = dice.chance(0.15);
  const axes = isAll ? [...Array(rank).keys()] : dice.shuffled(dice.some([...Array(rank).keys()]));
  const cuts = axes.map((axis) => cut(draft, draft.dims(x)[axis]!, draft.opset >= 10));
  const starts = cuts.map(({ start }) => start);
  const ends = cuts.map(({ end }) => end);
  if (draft.opset < 10) {
    return draft.op('Slice', [x], {
      starts: ints(starts),
      ends: ints(ends),
      ...(!isAll && { axes: ints(axes) }),
    });
  }
  const isPlain = cuts.every(({ step }) => step === 1) && dice.chance(0.5);
  const written = axes.map((axis) => draft.axis(axis, rank));
  const rest = isPlain && isAll ? [] : [draft.ints(written)];
  const steps = isPlain ? [] : [draft.ints(cuts.map(({ step }) => step))];
  return draft.op('Slice', [x, draft.ints(starts), draft.ints(ends), ...rest, ...steps]);
};

/** Sizes that add up, at random places. */
function partsOf({ dice }: NetworkDraft, total: number): number[] {
  const count = dice.int(2, Math.min(3, total));
  const parts = Array<number>(count).fill(1);
  for (let left = total - count; left > 0; left -= 1) parts[dice.int(0, count - 1)]! += 1;
  return parts;
}

const split: Draw = (draft, x) => {
  const { dice } = draft;
  const long = draft.dims(x).flatMap((dim, axis) => (dim > 1 ? [axis] : []));
  if (long.length === 0) return undefined;
  const at = dice.pick(long);
  const total = draft.dims(x)[at]!;
  const axis = { axis: int(draft.axis(at, draft.rank(x))) };
  const parts = splitInto(draft, x, total, axis);
  if (dice.chance(0.25)) for (const part of parts.slice(1)) draft.leaveOut(part);
  return parts[0];
};

function splitInto(
  draft: NetworkDraft,
  x: string,
  total: number,
  axis: { axis: ReturnType<typeof int> },
): string[] {
  const { dice, opset } = draft;
  const isUnsaid = dice.chance(0.4);
  if (isUnsaid && opset >= 18) {
    // The last part is smaller; onnxruntime wants it to hold something.
    const counts = [2, 3, 4].filter((count) => total > Math.ceil(total / count) * (count - 1));
    const count = dice.pick(counts);
    return draft.ops('Split', [x], { ...axis, num_outputs: int(count) }, count);
  }
  const even = [2, 3].filter((count) => total % count === 0);
  if (isUnsaid && even.length > 0) return draft.ops('Split', [x], axis, dice.pick(even));
  const parts = partsOf(draft, total);
  const [inputs, attributes] = draft.withList(13, 'split', parts);
  return draft.ops('Split', [x, ...inputs], { ...axis, ...attributes }, parts.length);
}

const concat: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  if (dims.length === 0) return undefined;
  const at = dice.int(0, dims.length - 1);
  const fits = (other: readonly number[]): boolean =>
    other.length === dims.length && other.every((dim, axis) => axis === at || dim === dims[axis]);
  const pieces = [x];
  for (let left = dice.int(1, 2); left > 0; left -= 1) {
    const weights = dims.map((dim, axis) => (axis === at ? dice.int(1, 2) : dim));
    pieces.push(dice.chance(0.6) ? draft.find(fits)! : draft.reals(weights));
  }
  const total = pieces.reduce((sum, each) => sum + draft.size(each), 0);
  if (!draft.fits([total])) return undefined;
  return draft.op('Concat', dice.shuffled(pieces), { axis: int(draft.axis(at, dims.length)) });
};

/** Before and after on one axis, so that something is left; a reflection needs as many cells as it shows. */
function padsOn({ dice }: NetworkDraft, dim: number, mode: string): [before: number, after: number] {
  const most = mode === 'reflect' ? Math.min(2, dim - 1) : 2;
  const one = (): number => (dice.chance(0.4) ? 0 : dice.int(0, most));
  const [before, after] = [one(), one()];
  if (!dice.chance(0.2)) return [before, after];
  const removed = -dice.int(0, Math.min(2, dim - 1));
  if (mode === 'constant' && dim + 2 * removed > 0 && dice.chance(0.3)) return [removed, removed];
  return mode === 'constant' ? (dice.chance(0.5) ? [removed, after] : [before, removed]) : [before, after];
}

const pad: Draw = (draft, x) => {
  const { dice } = draft;
  const dims = draft.dims(x);
  const rank = dims.length;
  if (rank === 0) return undefined;
  const mode = dice.pick(['constant', 'constant', 'edge', 'reflect']);
  const hasAxes = draft.opset >= 18 && dice.chance(0.4);
  const all = [...Array(rank).keys()];
  const axes = hasAxes ? dice.shuffled(dice.some(all)) : all;
  const pads = axes.map((axis) => padsOn(draft, dims[axis]!, mode));
  const sizes = dims.map((dim, axis) => {
    const [before, after] = pads[axes.indexOf(axis)] ?? [0, 0];
    return dim + before + after;
  });
  if (!draft.fits(sizes)) return undefined;
  const counts = [...pads.map(([before]) => before), ...pads.map(([, after]) => after)];
  const value = dice.chance(0.5) ? dice.real(-1, 1) : undefined;
  const settings = mode === 'constant' && dice.chance(0.5) ? {} : { mode: string(mode) };
  if (draft.opset < 11) {
    return draft.op('Pad', [x], {
      ...settings,
      pads: ints(counts),
      ...(value !== undefined && { value: float(value) }),
    });
  }
  const filling = value === undefined ? (hasAxes ? [''] : []) : [draft.scalar(value)];
  const places = hasAxes ? [draft.ints(axes.map((axis) => draft.axis(axis, rank)))] : [];
  return draft.op('Pad', [x, draft.ints(counts), ...filling, ...places], settings);
};

export const slicing: Drawings = { Slice: slice, Split: split, Concat: concat, Pad: pad };
