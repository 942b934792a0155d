import { AppError } from '../kernel/errors.ts';
import type { Tensor } from '../model/session.ts';

/**
 * The output `name`, after checking that its shape is as promised and every number finite: a lost GPU device gives
 * zeros or NaN without an error (onnxruntime#25029).
 * @throws AppError `model.bad-output`
 */
export function finiteOutput(
  outputs: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = outputs.get(name);
  if (tensor === undefined) throw new AppError('model.bad-output', `output ${name} is missing`);
  if (tensor.dims.join('×') !== shape.join('×')) {
    throw new AppError(
      'model.bad-output',
      `${name} has shape ${tensor.dims.join('×')}, not ${shape.join('×')}`,
    );
  }
  let anyNonZero = false;
  for (const value of tensor.data) {
    if (!Number.isFinite(value)) throw new AppError('model.bad-output', `${name} contains ${value}`);
    if (value !== 0) anyNonZero = true;
  }
  if (!anyNonZero) throw new AppError('model.bad-output', `${name} is zero everywhere`);
  return tensor.data;
}
