import { attributes, float, int } from '../attributes.ts';
import { constantOf } from '../constants.ts';
import { type Constant, sizeOf } from '../graph.ts';
import type { Rewrite, Rewriting } from './rewriting.ts';

/** Operators that opset 18 lacks, or that are short for others: written as what they are made of. */

/** x/2 · (1 + erf(x/√2)), or with tanh (Hendrycks 2016). */
const gelu: Rewrite = (node) => {
  const { builder } = node;
  const x = node.input(0);
  const half = builder.scale(x, 0.5);
  const bend =
    node.string('approximate', 'none') === 'tanh'
      ? builder.op('Tanh', [
          builder.scale(
            builder.add(x, builder.scale(builder.mul(builder.mul(x, x), x), 0.044715)),
            Math.sqrt(2 / Math.PI),
          ),
        ])
      : builder.op('Erf', [builder.scale(x, Math.SQRT1_2)]);
  return node.finish(builder.mul(half, builder.add(bend, builder.scalar(1))));
};

/** x · tanh(ln(1 + eˣ)) (Misra 2019). */
const mish: Rewrite = (node) => {
  const x = node.input(0);
  const gate = node.builder.op('Tanh', [node.builder.op('Softplus', [x])]);
  return node.finish(node.builder.mul(x, gate));
};

/** Groups of channels are normalised as if each were one channel, then scaled and shifted (Wu 2018). */
const groupNormalization: Rewrite = (node) => {
  const { builder } = node;
  const dims = node.dims(0);
  const [batch, channels, ...sizes] = dims as [number, number, ...number[]];
  const groups = node.int('num_groups', 1);
  if (channels % groups !== 0) throw node.damaged(`${channels} channels do not make ${groups} groups`);
  const ones = builder.constant('float32', [groups], Array<number>(groups).fill(1));
  const zeros = builder.constant('float32', [groups], Array<number>(groups).fill(0));
  const grouped = builder.reshape(node.input(0), [batch, groups, sizeOf(dims) / (batch * groups)]);
  const epsilon = attributes({ epsilon: float(node.float('epsilon', 1e-5)) });
  const normal = builder.op('InstanceNormalization', [grouped, ones, zeros], epsilon);
  // Scale and shift are for each group before opset 21, for each channel since.
  const perChannel = (index: number): string => {
    const size = node.dims(index)[0]!;
    const shape = size === channels ? [1, channels, ...sizes.map(() => 1)] : [1, groups, 1];
    return builder.reshape(node.input(index), shape);
  };
  const isByChannel = node.dims(1)[0] === channels;
  const whole = isByChannel ? builder.reshape(normal, dims) : normal;
  const scaled = builder.add(builder.mul(whole, perChannel(1)), perChannel(2));
  return node.finish(builder.reshape(scaled, dims));
};

/** Before opset 13 everything from the axis on was taken together. */
const flattenedSoftmax: Rewrite = (node) => {
  if (node.opset >= 13) return false;
  const { builder } = node;
  const dims = node.dims(0);
  const axis = node.axis(node.int('axis', 1));
  if (axis === dims.length - 1) {
    return node.become({ attributes: attributes({ axis: int(-1) }) });
  }
  const flat = builder.reshape(node.input(0), [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))]);
  const answer = builder.op(node.node.opType, [flat], attributes({ axis: int(1) }));
  return node.finish(builder.reshape(answer, dims));
};

/** At inference nothing is dropped, nor at a ratio of 0, by which PyTorch often switches it off. */
const dropout: Rewrite = (node) => {
  const isTraining = node.has(2) && node.values(2)[0] !== 0;
  const ratio = node.has(1) ? node.values(1)[0] : node.float('ratio', 0.5);
  if (isTraining && ratio !== 0) throw node.unsupported('the network was exported for training');
  const [kept] = node.node.outputs as [string];
  return node.become({ opType: 'Identity', inputs: [node.input(0)], attributes: new Map(), outputs: [kept] });
};

/** x − bias above λ, x + bias below −λ, 0 between. */
const shrink: Rewrite = (node) => {
  const { builder } = node;
  const x = node.input(0);
  const [lambda, bias] = [node.float('lambd', 0.5), builder.scalar(node.float('bias', 0))];
  const isAbove = builder.op('Greater', [x, builder.scalar(lambda)]);
  const isBelow = builder.op('Less', [x, builder.scalar(-lambda)]);
  const below = builder.keepWhere(isBelow, builder.add(x, bias));
  return node.finish(builder.where(isAbove, builder.sub(x, bias), below));
};

/** (x − mean) / deviation over all axes but the channels'. */
const meanVarianceNormalization: Rewrite = (node) => {
  const { builder } = node;
  const axes = (node.ints('axes') ?? [0, 2, 3]).map((axis) => node.axis(axis));
  const centred = builder.sub(node.input(0), builder.reduceMean(node.input(0), axes));
  const deviation = builder.op('Sqrt', [builder.reduceMean(builder.mul(centred, centred), axes)]);
  return node.finish(builder.div(centred, builder.add(deviation, builder.scalar(1e-9))));
};

/** The slices of a list of yes and no, which is known here. */
const compress: Rewrite = (node) => {
  const { builder } = node;
  const places = node.values(1).flatMap((each, place) => (each === 0 ? [] : [place]));
  const isFlat = !node.node.attributes.has('axis');
  const from = isFlat ? builder.reshape(node.input(0), [sizeOf(node.dims(0))]) : node.input(0);
  const axis = attributes({ axis: int(isFlat ? 0 : node.int('axis', 0)) });
  return node.become({ opType: 'Gather', inputs: [from, builder.ints(places)], attributes: axis });
};

const constant: Rewrite = (node) => {
  const value = constantValue(node);
  if (value === undefined) throw node.unsupported('this kind of constant');
  node.builder.addConstant(node.node.outputs[0]!, value);
  return true;
};

function constantValue({ node }: Rewriting): Constant | undefined {
  const [given] = node.attributes.values();
  if (given?.kind === 'tensor') return given.value;
  if (given?.kind === 'float') return constantOf('float32', [], [given.value]);
  if (given?.kind === 'int') return constantOf('int64', [], [given.value]);
  if (given?.kind === 'floats') return constantOf('float32', [given.value.length], given.value);
  if (given?.kind === 'ints') return constantOf('int64', [given.value.length], given.value);
  return undefined;
}

export const madeOfOthers: Readonly<Record<string, Rewrite>> = {
  Gelu: gelu,
  Mish: mish,
  GroupNormalization: groupNormalization,
  Softmax: flattenedSoftmax,
  LogSoftmax: flattenedSoftmax,
  Hardmax: flattenedSoftmax,
  Dropout: dropout,
  Shrink: shrink,
  MeanVarianceNormalization: meanVarianceNormalization,
  Compress: compress,
  Constant: constant,
};
