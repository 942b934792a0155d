import { intsOf } from './attributes.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { GraphNode } from './graph.ts';

/** Operators whose result is a picture, whatever the input was. */
const makesPictures =
  /^(Conv|ConvTranspose|MaxPool|AveragePool|LpPool|GlobalAveragePool|GlobalMaxPool|GlobalLpPool|Resize|Upsample|DepthToSpace|SpaceToDepth)$/;
/** Operators that leave every value in its place. */
const keepsPlaces =
  /^(Add|Sub|Mul|Div|Sum|Mean|Pow|Neg|Abs|Sqrt|Exp|Log|Max|Min|Where|Relu|LeakyRelu|PRelu|Elu|Selu|Celu|Gelu|Mish|ThresholdedRelu|Clip|Sigmoid|HardSigmoid|HardSwish|Tanh|Softplus|Softsign|Erf|Softmax|Identity|Dropout|BatchNormalization|InstanceNormalization|LayerNormalization|GroupNormalization|LRN|LpNormalization|Concat|Pad|Slice|Cast)$/;

type Place = readonly [rows: number, columns: number];

/**
 * The tensors of a file that are pictures of the form N×C×rows×columns: what a convolution, pooling or resizing made, and what
 * became of it without leaving its place. Where a network moves the axes, or folds them, and comes back to the same shape, the
 * picture is followed.
 */
export function picturesIn(nodes: readonly GraphNode[], builder: GraphBuilder): ReadonlySet<string> {
  const places = new Map<string, Place>();
  /** Shapes of pictures that have become something else, by what they have become. */
  const folded = new Map<string, readonly number[]>();
  for (const node of nodes) {
    const output = node.outputs.find((name) => name !== '');
    const dims = output === undefined ? undefined : builder.types.get(output)?.dims;
    if (output === undefined || dims === undefined) continue;
    const origin = originOf(node, builder, places, folded);
    const found = placeAfter(node, dims, origin, places);
    if (found !== undefined) places.set(output, found);
    else if (origin !== undefined) folded.set(output, origin);
  }
  return new Set(
    [...places].flatMap(([name, [rows, columns]]) => (rows === 2 && columns === 3 ? [name] : [])),
  );
}

/** The shape of the upright picture that the node's input is, or has been. */
function originOf(
  node: GraphNode,
  builder: GraphBuilder,
  places: ReadonlyMap<string, Place>,
  folded: ReadonlyMap<string, readonly number[]>,
): readonly number[] | undefined {
  for (const input of node.inputs) {
    const isUpright = places.get(input)?.[0] === 2;
    const origin = isUpright ? builder.types.get(input)?.dims : folded.get(input);
    if (origin !== undefined) return origin;
  }
  return undefined;
}

function placeAfter(
  { opType, inputs, attributes }: GraphNode,
  dims: readonly number[],
  origin: readonly number[] | undefined,
  places: ReadonlyMap<string, Place>,
): Place | undefined {
  if (dims.length !== 4) return undefined;
  if (makesPictures.test(opType)) return [2, 3];
  // Folded and unfolded again, as GroupNormalization and the shuffling of channels are exported.
  if (opType === 'Reshape' && origin?.join() === dims.join()) return [2, 3];
  const before = inputs.map((input) => places.get(input)).find((place) => place !== undefined);
  if (before === undefined) return undefined;
  if (keepsPlaces.test(opType)) return before;
  if (opType === 'Transpose') {
    const order = intsOf(attributes, 'perm') ?? [3, 2, 1, 0];
    return [order.indexOf(before[0]), order.indexOf(before[1])];
  }
  // A product with a matrix of weights mixes the last axis only.
  if (opType === 'MatMul') return before.includes(3) ? undefined : before;
  return undefined;
}
