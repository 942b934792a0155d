import { adjointAlong, assertMapFits, type AxisMap } from '../along-axis.ts';
import type { GradientScope } from '../gradient-scope.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';

/** Pad: what was added is dropped again. Padding that repeats the picture adds its cotangent to the cells it was copied from. */

interface Pads {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function padsOf(node: NodeScope): Pads {
  const values = node.values(1);
  const rank = node.rank(0);
  const axes = node.has(3) ? node.values(3).map((axis) => node.axis(axis)) : [...Array(rank).keys()];
  if (values.length !== axes.length * 2) throw node.damaged('it does not say how much for each axis');
  const before = Array<number>(rank).fill(0);
  const after = Array<number>(rank).fill(0);
  for (const [index, axis] of axes.entries()) {
    before[axis] = values[index]!;
    after[axis] = values[index + axes.length]!;
  }
  return { before, after };
}

/** Which cell stands at each place of a padded axis. */
function sources(mode: string, size: number, before: number, after: number): number[] {
  return Array.from({ length: size + before + after }, (_, place) => {
    const at = place - before;
    if (mode === 'edge') return Math.min(Math.max(at, 0), size - 1);
    const period = 2 * (size - 1);
    const folded = period === 0 ? 0 : ((at % period) + period) % period;
    return folded < size ? folded : period - folded;
  });
}

function crop(scope: GradientScope, { before, after }: Pads): string {
  const { builder } = scope;
  const dims = scope.outputDims();
  const axes = dims.flatMap((_, axis) => (before[axis]! > 0 || after[axis]! > 0 ? [axis] : []));
  const cropped =
    axes.length === 0
      ? scope.cotangent
      : builder.slice(
          scope.cotangent,
          axes.map((axis) => Math.max(0, before[axis]!)),
          axes.map((axis) => dims[axis]! - Math.max(0, after[axis]!)),
          axes,
        );
  // Negative padding had cut something off.
  const missing = (counts: readonly number[]): number[] => counts.map((count) => Math.max(0, -count));
  return builder.pad(cropped, missing(before), missing(after));
}

export const padding: Operators = {
  Pad: {
    infer(node) {
      const mode = node.string('mode', 'constant');
      if (!['constant', 'edge', 'reflect'].includes(mode)) throw node.unsupported(`padding "${mode}"`);
      const { before, after } = padsOf(node);
      return {
        type: node.type(0),
        dims: node.dims(0).map((dim, axis) => dim + before[axis]! + after[axis]!),
      };
    },
    gradient(scope) {
      scope.refuse(2, 'the value of its padding');
      const mode = scope.string('mode', 'constant');
      scope.give(0, () => {
        const pads = padsOf(scope);
        if (mode === 'constant') return crop(scope, pads);
        return scope.dims(0).reduce((cotangent, size, axis) => {
          const [before, after] = [pads.before[axis]!, pads.after[axis]!];
          if (before === 0 && after === 0) return cotangent;
          assertMapFits(scope, size, size + before + after);
          const rows: AxisMap = sources(mode, size, before, after).map((source) =>
            Array.from({ length: size }, (_, cell) => (cell === source ? 1 : 0)),
          );
          return adjointAlong(scope.builder, cotangent, axis, rows);
        }, scope.cotangent);
      });
    },
  },
};
