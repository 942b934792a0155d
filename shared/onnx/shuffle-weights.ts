import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { seededRandom } from '../kernel/seeded-random.ts';
import { ModelProtoSchema } from './protobuf/onnx-pb.ts';
import { readTensor, writeTensor } from './protobuf/tensor-proto.ts';

/**
 * The same network with the values of every matrix and kernel in random order: what it has learnt is gone, the size of its
 * weights is not. For the sanity check of Adebayo 2018 (§3): a map that stays the same does not show what was learnt.
 * @throws AppError `onnx.*`
 */
export function shuffleWeights(model: Uint8Array, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const proto = fromBinary(ModelProtoSchema, model);
  if (proto.graph === undefined) return model;
  proto.graph.initializer = proto.graph.initializer.map((tensor) => {
    const constant = readTensor(tensor);
    if (constant.type !== 'float32' || constant.dims.length < 2) return tensor;
    const values = new Float32Array(Uint8Array.from(constant.bytes).buffer);
    // Fisher & Yates.
    for (let index = values.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1));
      [values[index], values[other]] = [values[other]!, values[index]!];
    }
    return writeTensor(tensor.name, { ...constant, bytes: new Uint8Array(values.buffer) });
  });
  return toBinary(ModelProtoSchema, proto);
}
