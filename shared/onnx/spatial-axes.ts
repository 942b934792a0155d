import type { GraphBuilder } from './graph-builder.ts';
import type { GraphNode } from './graph.ts';
import { NodeScope } from './node-scope.ts';

/** Operators whose result is a picture, whatever the input was. */
const makesPictures = /^(Conv|ConvTranspose|MaxPool|AveragePool|GlobalAveragePool|GlobalMaxPool|Resize)$/;
/** Operators that leave every value in its place. */
const keepsPlaces =
  /^(Add|Sub|Mul|Div|Pow|Neg|Abs|Sqrt|Exp|Log|Max|Min|Where|Relu|LeakyRelu|PRelu|Elu|Selu|Celu|ThresholdedRelu|Clip|Sigmoid|HardSigmoid|HardSwish|Tanh|Softplus|Softsign|Erf|Softmax|Identity|BatchNormalization|InstanceNormalization|LayerNormalization|Concat|Pad|Slice|Cast)$/;

/**
 * The tensors that are pictures of the form N×C×rows×columns: what a convolution, pooling or resizing made, and what became of
 * it without leaving its place. Where a network moves the axes and moves them back, the picture is followed.
 */
export function picturesIn(builder: GraphBuilder): ReadonlySet<string> {
  /** For each tensor: where rows and columns are. */
  const places = new Map<string, readonly [number, number]>();
  for (const node of builder.nodes) {
    const found = placesAfter(node, builder, places);
    if (found !== undefined) places.set(node.outputs[0]!, found);
  }
  const isUpright = ([rows, columns]: readonly [number, number]): boolean => rows === 2 && columns === 3;
  return new Set([...places].flatMap(([name, place]) => (isUpright(place) ? [name] : [])));
}

function placesAfter(
  node: GraphNode,
  builder: GraphBuilder,
  places: ReadonlyMap<string, readonly [number, number]>,
): readonly [number, number] | undefined {
  const [output] = node.outputs as [string];
  if (builder.dims(output).length !== 4) return undefined;
  if (makesPictures.test(node.opType)) return [2, 3];
  const before = node.inputs.map((input) => places.get(input)).find((place) => place !== undefined);
  if (before === undefined) return undefined;
  if (keepsPlaces.test(node.opType)) return before;
  if (node.opType === 'Transpose') {
    const order = new NodeScope(node, builder.types, builder.constants).ints('perm') ?? [3, 2, 1, 0];
    return [order.indexOf(before[0]), order.indexOf(before[1])];
  }
  // A product with a matrix of weights mixes the last axis only.
  if (node.opType === 'MatMul') return before.includes(3) ? undefined : before;
  return undefined;
}
