import { convolutionAdjoint } from '../convolution-adjoint.ts';
import type { GradientScope } from '../gradient-scope.ts';
import { sizeOf } from '../graph.ts';
import type { NodeScope } from '../node-scope.ts';
import type { Operators } from '../operator.ts';
import { oneCell, spatial, type Windows, windowsOf } from '../windows.ts';

/** AveragePool: each cell gets dy / count from every window it lies in. GlobalAveragePool: dy / cells everywhere. */

function averageWindows(node: NodeScope): Windows {
  const kernel = node.ints('kernel_shape');
  if (kernel === undefined) throw node.damaged('it has no window');
  if (node.ints('dilations')?.some((dilation) => dilation !== 1) === true) {
    throw node.unsupported('dilated averages are not supported');
  }
  return windowsOf(node, kernel, node.int('ceil_mode', 0) === 1);
}

/**
 * Cells that each window of one axis divides by. Padding counts only with `count_include_pad`; what lies beyond the padding,
 * as in ceil mode, never does.
 */
function countsOnAxis(windows: Windows, axis: number, size: number, countPads: boolean): number[] {
  const before = windows.padsBefore[axis]!;
  const [first, end] = countPads ? [-before, size + windows.padsAfter[axis]!] : [0, size];
  return Array.from({ length: windows.outputs[axis]! }, (_, position) => {
    const start = position * windows.strides[axis]! - before;
    return Math.min(start + windows.kernel[axis]!, end) - Math.max(start, first);
  });
}

function averagePoolGradient(scope: GradientScope): string {
  const { builder } = scope;
  const windows = averageWindows(scope);
  const sizes = spatial(scope.dims(0));
  const countPads = scope.int('count_include_pad', 0) === 1;
  let shared = scope.cotangent;
  for (const axis of sizes.keys()) {
    const counts = countsOnAxis(windows, axis, sizes[axis]!, countPads);
    const dims = sizes.map((_, each) => (each === axis ? counts.length : 1));
    const isSame = counts.every((count) => count === counts[0]);
    const shares = isSame
      ? builder.scalar(1 / counts[0]!)
      : builder.constant(
          'float32',
          [1, 1, ...dims],
          counts.map((count) => 1 / count),
        );
    shared = builder.mul(shared, shares);
  }
  // Every channel by itself, as one more picture: one kernel of ones serves them all.
  const [batch, channels] = scope.dims(0) as [number, number];
  const planes = builder.reshape(shared, [batch * channels, 1, ...windows.outputs]);
  const ones = builder.constant(
    'float32',
    [1, 1, ...windows.kernel],
    Array(sizeOf(windows.kernel)).fill(1) as number[],
  );
  const spread = convolutionAdjoint(builder, planes, ones, windows, 1, sizes);
  return builder.reshape(spread, scope.dims(0));
}

export const averagePool: Operators = {
  AveragePool: {
    infer: (node) => ({
      type: node.type(0),
      dims: [...node.dims(0).slice(0, 2), ...averageWindows(node).outputs],
    }),
    gradient: (scope) => scope.give(0, () => averagePoolGradient(scope)),
  },
  GlobalAveragePool: {
    infer: oneCell,
    gradient(scope) {
      const { builder } = scope;
      scope.give(0, () => {
        const share = builder.scale(scope.cotangent, 1 / sizeOf(spatial(scope.dims(0))));
        return builder.op('Expand', [share, builder.ints(scope.dims(0))]);
      });
    },
  },
};
