import { attributes, int, ints } from '../attributes.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { sizeOf } from '../graph.ts';
import { reach, spatial, windowAttributes, type Windows, windowsOf } from '../windows.ts';
import type { Rewrite, Rewriting } from './rewriting.ts';

/**
 * Pooling without ceil mode and dilated averages, and what is made of sums over windows. Ceil mode is padding behind the picture:
 * WebGPU knows no other, and where a last window would begin in the padding, and is left out, onnxruntime's kernels and its
 * inference of shapes do not agree.
 */

function windowsOfPool(node: Rewriting): Windows {
  const kernel = node.ints('kernel_shape');
  if (kernel === undefined) throw node.damaged('it has no window');
  const windows = windowsOf(node, kernel, node.int('ceil_mode', 0) === 1);
  const { strides, dilations, padsBefore, outputs } = windows;
  // What the last window reaches, whatever the file says: behind that nothing is looked at.
  const padsAfter = spatial(node.dims(0)).map((size, axis) => {
    const end = (outputs[axis]! - 1) * strides[axis]! + reach(kernel[axis]!, dilations[axis]!);
    return Math.max(0, end - size - padsBefore[axis]!);
  });
  return { ...windows, padsAfter };
}

const maxPool: Rewrite = (node) => {
  const { kernel, padsBefore, padsAfter } = windowsOfPool(node);
  // PyTorch writes the maximum of a whole picture so; the rule for windows has a node for every cell of one.
  const isWhole =
    kernel.every((size, axis) => size === node.dims(0)[axis + 2]) &&
    [...padsBefore, ...padsAfter].every((count) => count === 0);
  if (isWhole) return node.become({ opType: 'GlobalMaxPool', attributes: new Map() });
  if (node.int('ceil_mode', 0) === 0) return false;
  // Runtimes refuse padding that fills a window, which only dilated windows need.
  if (padsAfter.some((count, axis) => count >= kernel[axis]!)) return false;
  const pads = ['pads', ints([...padsBefore, ...padsAfter])] as const;
  return node.become({ attributes: new Map([...node.without('ceil_mode', 'auto_pad'), pads]) });
};

const averagePool: Rewrite = (node) => {
  const kernel = node.ints('kernel_shape') ?? [];
  if (node.ints('dilations')?.some((dilation) => dilation !== 1) === true) return countedAverage(node);
  const plain = node.without('dilations');
  if (node.int('ceil_mode', 0) === 0) return node.become({ attributes: plain });
  const given = windowsOf(node, kernel, true);
  const { padsBefore, padsAfter } = windowsOfPool(node);
  // Padding that the file does not have must not be counted, which no pool could tell from the other.
  const countsMore =
    node.int('count_include_pad', 0) === 1 && padsAfter.some((count, axis) => count > given.padsAfter[axis]!);
  if (countsMore) return countedAverage(node);
  const rest = [...plain].filter(([name]) => name !== 'ceil_mode' && name !== 'auto_pad');
  return node.become({ attributes: new Map([...rest, ['pads', ints([...padsBefore, ...padsAfter])]]) });
};

/** Every channel by itself, as one more picture: one kernel of ones serves them all. */
function sumOver(builder: GraphBuilder, name: string, windows: Windows): string {
  const [batch, channels, ...sizes] = builder.dims(name) as [number, number, ...number[]];
  const { kernel, padsBefore, padsAfter, outputs } = windows;
  const planes = builder.reshape(name, [batch * channels, 1, ...sizes]);
  const ones = builder.constant('float32', [1, 1, ...kernel], Array<number>(sizeOf(kernel)).fill(1));
  const sum = builder.op('Conv', [planes, ones], windowAttributes(windows, padsBefore, padsAfter, 1));
  return builder.reshape(sum, [batch, channels, ...outputs]);
}

/** A sum over each window, divided by how many of its cells count. */
function countedAverage(node: Rewriting): true {
  const { builder } = node;
  const windows = windowsOfPool(node);
  const given = windowsOf(node, windows.kernel, node.int('ceil_mode', 0) === 1);
  const countsPads = node.int('count_include_pad', 0) === 1;
  const sizes = spatial(node.dims(0));
  const average = sizes.reduce(
    (sum, size, axis) => {
      const before = windows.padsBefore[axis]!;
      const [first, end] = countsPads ? [-before, size + given.padsAfter[axis]!] : [0, size];
      const shares = Array.from({ length: windows.outputs[axis]! }, (_, position) => {
        const start = position * windows.strides[axis]! - before;
        const cells = Array.from(
          { length: windows.kernel[axis]! },
          (__, step) => start + step * windows.dilations[axis]!,
        );
        return 1 / cells.filter((cell) => cell >= first && cell < end).length;
      });
      const dims = [1, 1, ...sizes.map((_, each) => (each === axis ? shares.length : 1))];
      return builder.mul(sum, builder.constant('float32', dims, shares));
    },
    sumOver(builder, node.input(0), windows),
  );
  return node.finish(average);
}

/** |x|ᵖ */
function powered(node: Rewriting): string {
  const { builder } = node;
  const power = node.int('p', 2);
  const size = builder.op('Abs', [node.input(0)]);
  return power === 1 ? size : builder.op('Pow', [size, builder.scalar(power)]);
}

/** The p-th root; a window of zeros stands still, as if it were a norm. */
function root(node: Rewriting, sum: string): true {
  const { builder } = node;
  const power = node.int('p', 2);
  if (power === 1) return node.finish(sum);
  const isPositive = builder.op('Greater', [sum, builder.scalar(0)]);
  const base = builder.where(isPositive, sum, builder.scalar(1));
  return node.finish(builder.keepWhere(isPositive, builder.op('Pow', [base, builder.scalar(1 / power)])));
}

/** (Σ |x|ᵖ)^(1/p) over each window. */
const lpPool: Rewrite = (node) => root(node, sumOver(node.builder, powered(node), windowsOfPool(node)));

const globalLpPool: Rewrite = (node) => {
  const axes = spatial(node.dims(0)).map((_, axis) => axis + 2);
  return root(node, node.builder.reduceSum(powered(node), axes));
};

/** x / (bias + α · mean of x² over `size` channels around)^β; channels that do not exist count as zeros (Krizhevsky 2012). */
const localResponse: Rewrite = (node) => {
  const { builder } = node;
  const x = node.input(0);
  const dims = node.dims(0);
  const size = node.int('size', 1);
  const [batch, channels, ...rest] = dims as [number, number, ...number[]];
  const squares = builder.reshape(builder.mul(x, x), [batch, 1, channels, sizeOf(rest)]);
  const before = Math.floor((size - 1) / 2);
  const mean = builder.op(
    'AveragePool',
    [squares],
    attributes({
      count_include_pad: int(1),
      kernel_shape: ints([size, 1]),
      pads: ints([before, 0, size - 1 - before, 0]),
    }),
  );
  const around = builder.scale(builder.reshape(mean, dims), node.float('alpha', 1e-4));
  const base = builder.add(around, builder.scalar(node.float('bias', 1)));
  const divisor = builder.op('Pow', [base, builder.scalar(node.float('beta', 0.75))]);
  return node.finish(builder.div(x, divisor));
};

export const pooling: Readonly<Record<string, Rewrite>> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: lpPool,
  GlobalLpPool: globalLpPool,
  LRN: localResponse,
};
