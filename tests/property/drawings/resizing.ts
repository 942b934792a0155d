import { float, int, ints, string } from '../../../shared/onnx/attributes.ts';
import type { NetworkDraft } from '../network-draft.ts';
import { type Draw, type Drawings } from './drawing.ts';

/** Resize in all its modes, and Upsample before it. */

const scales = [0.4, 0.5, 0.6, 0.75, 1, 1.3, 1.5, 1.7, 2, 2, 2, 2.5, 3];

/** As the standard has it, in single precision. */
const sizeAt = (dim: number, factor: number): number => Math.floor(Math.fround(dim * Math.fround(factor)));

/** What onnxruntime computes: cubic for pictures of two axes, linear up to three, nearest for any. */
function modesFor(draft: NetworkDraft, x: string): string[] {
  const modes = ['nearest', 'nearest'];
  if (draft.rank(x) >= 3) modes.push('linear', 'linear');
  if (draft.rank(x) === 4 && draft.opset >= 11) modes.push('cubic', 'cubic');
  return modes;
}

/** For each axis a factor; batch and channels mostly stay. */
function factorsFor(draft: NetworkDraft, x: string, mode: string): number[] {
  const { dice } = draft;
  const mayMoveAll = mode === 'nearest' && dice.chance(0.15);
  const isEven = dice.chance(0.4);
  const even = dice.pick(scales);
  const dims = draft.dims(x);
  const first = dims.length > 2 ? 2 : 1;
  return dims.map((dim, axis) => {
    if (axis < first && !mayMoveAll) return 1;
    const factor = isEven && axis >= first ? even : dice.pick(scales);
    return sizeAt(dim, factor) < 1 ? 1 : factor;
  });
}

/** Scales alone: Upsample of opset 9, Resize of opset 10. */
function byScales(opType: string): Draw {
  return (draft, x) => {
    const mode = draft.dice.pick(modesFor(draft, x).filter((each) => each !== 'cubic'));
    const given = factorsFor(draft, x, mode);
    const factors = opType === 'Upsample' ? given.map((each) => Math.max(1, each)) : given;
    if (!draft.fits(draft.dims(x).map((dim, axis) => sizeAt(dim, factors[axis]!)))) return undefined;
    const settings = draft.dice.chance(0.2) && mode === 'nearest' ? {} : { mode: string(mode) };
    return draft.op(opType, [x, draft.constant('float32', [factors.length], factors)], settings);
  };
}

const resize: Draw = (draft, x) => {
  const { dice } = draft;
  if (draft.opset < 10 || draft.rank(x) < 2) return undefined;
  if (draft.opset === 10) return byScales('Resize')(draft, x);
  const mode = dice.pick(modesFor(draft, x));
  const factors = factorsFor(draft, x, mode);
  const sizes = draft.dims(x).map((dim, axis) => sizeAt(dim, factors[axis]!));
  if (!draft.fits(sizes)) return undefined;
  const all = factors.map((_, axis) => axis);
  const changed = all.filter((axis) => factors[axis] !== 1);
  const axes = draft.opset >= 18 && changed.length > 0 && dice.chance(0.3) ? changed : undefined;
  const chosen = axes ?? all;
  const none = (): string => (draft.opset >= 13 ? '' : draft.constant('float32', [0], []));
  const lists = dice.chance(0.5)
    ? [none(), none(), draft.ints(chosen.map((axis) => sizes[axis]!))]
    : [
        none(),
        draft.constant(
          'float32',
          [chosen.length],
          chosen.map((axis) => factors[axis]!),
        ),
      ];
  const coordinates = ['half_pixel', 'half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];
  return draft.op('Resize', [x, ...lists], {
    mode: string(mode),
    ...(dice.chance(0.85) && { coordinate_transformation_mode: string(dice.pick(coordinates)) }),
    ...(mode === 'nearest' &&
      dice.chance(0.8) && {
        nearest_mode: string(dice.pick(['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'])),
      }),
    ...(mode === 'cubic' && dice.chance(0.5) && { cubic_coeff_a: float(dice.pick([-0.5, -0.75, -0.6])) }),
    ...(axes !== undefined && { axes: ints(axes.map((axis) => draft.axis(axis, all.length))) }),
    ...(draft.opset >= 18 && dice.chance(0.2) && { antialias: int(0) }),
  });
};

export const resizing: Drawings = {
  Resize: resize,
  Upsample: (draft, x) => (draft.opset > 9 ? undefined : byScales('Upsample')(draft, x)),
};
