import { attributes, int, ints } from '../attributes.ts';
import { adjointAlong, assertMapFits, type AxisMap } from '../along-axis.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/**
 * Resize is linear and works on each axis by itself, so its gradient is the transposed matrix of each axis. The matrices follow
 * the formulas of the standard (ONNX operator Resize, opset 18): nearest, linear and cubic, in every coordinate mode.
 * Enlarging by a whole number without interpolation is undone by sums over blocks.
 */

/** Runtimes compute sizes and coordinates in single precision, and whether a cell is met exactly depends on it. */
const float32 = Math.fround;

/** Input coordinate of an output cell. */
type Coordinate = (output: number) => number;

function sizesOf(node: NodeScope): number[] {
  const dims = node.dims(0);
  const axes = node.ints('axes')?.map((axis) => node.axis(axis)) ?? [...dims.keys()];
  const isSizes = node.has(3) && node.dims(3)[0] !== 0;
  const given = isSizes ? node.values(3) : node.values(2);
  if (given.length !== axes.length) throw node.damaged('it does not give a size for each axis');
  if (isSizes && node.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw node.unsupported('keeping the aspect ratio');
  }
  return dims.map((dim, axis) => {
    const index = axes.indexOf(axis);
    if (index < 0) return dim;
    return isSizes ? given[index]! : Math.floor(float32(dim * given[index]!));
  });
}

function scaleOf(node: NodeScope, axis: number, size: number): number {
  const dims = node.dims(0);
  const axes = node.ints('axes')?.map((each) => node.axis(each)) ?? [...dims.keys()];
  const isSizes = node.has(3) && node.dims(3)[0] !== 0;
  return isSizes ? float32(size / dims[axis]!) : node.values(2)[axes.indexOf(axis)]!;
}

function coordinateOf(node: NodeScope, from: number, to: number, scale: number): Coordinate {
  const mode = node.string('coordinate_transformation_mode', 'half_pixel');
  switch (mode) {
    case 'half_pixel':
      return (output) => float32(float32((output + 0.5) / scale) - 0.5);
    case 'pytorch_half_pixel':
      return (output) => (to > 1 ? float32(float32((output + 0.5) / scale) - 0.5) : 0);
    case 'align_corners':
      return (output) => (to > 1 ? float32((output * (from - 1)) / (to - 1)) : 0);
    case 'asymmetric':
      return (output) => float32(output / scale);
    default:
      throw node.noRule(`coordinate mode "${mode}"`);
  }
}

/** onnxruntime takes what is this close to the middle between two cells for the middle. */
const almost = 1e-6;

function nearest(node: NodeScope, x: number): number {
  const mode = node.string('nearest_mode', 'round_prefer_floor');
  switch (mode) {
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5 + almost);
    default:
      return Math.ceil(x - 0.5 - almost);
  }
}

/** Weights of the input cells for one output cell: pairs of cell and weight, cells clamped to the picture. */
function weightsAt(node: NodeScope, x: number, size: number): [cell: number, weight: number][] {
  const mode = node.string('mode', 'nearest');
  const clamp = (cell: number): number => Math.min(Math.max(cell, 0), size - 1);
  if (mode === 'nearest') return [[clamp(nearest(node, x)), 1]];
  if (mode === 'linear') {
    const inside = clamp(x);
    const cell = Math.floor(inside);
    return [
      [cell, 1 - (inside - cell)],
      [clamp(cell + 1), inside - cell],
    ];
  }
  if (mode !== 'cubic' || node.int('exclude_outside', 0) === 1) throw node.noRule(`mode "${mode}"`);
  const first = Math.floor(x) - 1;
  const a = node.float('cubic_coeff_a', -0.75);
  return [0, 1, 2, 3].map((step) => [clamp(first + step), cubic(Math.abs(x - first - step), a)]);
}

/** Keys 1981. */
function cubic(t: number, a: number): number {
  if (t <= 1) return (a + 2) * t ** 3 - (a + 3) * t ** 2 + 1;
  return t < 2 ? a * t ** 3 - 5 * a * t ** 2 + 8 * a * t - 4 * a : 0;
}

function axisMap(node: NodeScope, axis: number, to: number): AxisMap {
  const from = node.dims(0)[axis]!;
  assertMapFits(node, from, to);
  const coordinate = coordinateOf(node, from, to, scaleOf(node, axis, to));
  return Array.from({ length: to }, (_, output) => {
    const row = Array<number>(from).fill(0);
    for (const [cell, weight] of weightsAt(node, coordinate(output), from)) row[cell]! += weight;
    return row;
  });
}

/** Whether every input cell simply fills a block of `factor` output cells. */
function isBlocks(rows: AxisMap, factor: number): boolean {
  return Number.isInteger(factor) && rows.every((row, output) => row[Math.floor(output / factor)] === 1);
}

function resizeGradient(scope: GradientScope): string {
  const { builder } = scope;
  const sizes = scope.outputDims();
  // Runtimes copy a picture that keeps its size, whatever the scales are.
  if (sizes.every((to, axis) => to === scope.dims(0)[axis])) return scope.cotangent;
  const changed = scope.dims(0).flatMap((from, axis) => {
    const to = sizes[axis]!;
    const scale = scaleOf(scope, axis, to);
    return from === to && (scale === undefined || scale === 1)
      ? []
      : [{ axis, rows: axisMap(scope, axis, to) }];
  });
  const factors = scope.dims(0).map((from, axis) => sizes[axis]! / from);
  const areBlocks = changed.every(({ axis, rows }) => axis > 1 && isBlocks(rows, factors[axis]!));
  if (areBlocks && sizes.length === 4) {
    const block = factors.slice(2);
    // Multiplied before, not after: onnxruntime melts a Pad into the pool behind it, and then refuses pads beyond the window.
    return builder.op(
      'AveragePool',
      [builder.scale(scope.cotangent, block[0]! * block[1]!)],
      attributes({ ceil_mode: int(0), kernel_shape: ints(block), strides: ints(block) }),
    );
  }
  return changed.reduce(
    (cotangent, { axis, rows }) => adjointAlong(builder, cotangent, axis, rows),
    scope.cotangent,
  );
}

export const resize: Operators = {
  Resize: {
    infer(node) {
      if (node.int('antialias', 0) === 1) throw node.noRule('with anti-aliasing');
      return { type: node.type(0), dims: sizesOf(node) };
    },
    gradient: (scope) => scope.give(0, () => resizeGradient(scope)),
  },
};
