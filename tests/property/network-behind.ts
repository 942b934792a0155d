import type { Tensor } from '../../shared/model/session.ts';
import { constantOf } from '../../shared/onnx/constants.ts';
import type { WrittenNetwork } from './write-network.ts';

const output = 'behind';

/** The network from a layer on, with the picture fixed: side branches go on from there. */
export function networkBehind(
  network: WrittenNetwork,
  layer: string,
  picture: Tensor,
  dims: readonly number[],
): WrittenNetwork {
  const { opset, nodes, constants, input } = network;
  const withoutLayer = nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (name === layer ? 'nowhere' : name)),
  }));
  const last = {
    name: '',
    opType: 'Identity',
    domain: '',
    inputs: [network.output],
    outputs: [output],
    attributes: new Map(),
  };
  return {
    opset,
    nodes: [...withoutLayer, last],
    constants: new Map([...constants, [input.name, constantOf('float32', picture.dims, picture.data)]]),
    input: { name: layer, dims },
    output,
  };
}
