import { describeThrown } from '../kernel/errors.ts';
import { type ExpectedTensor, type Golden, goldenField } from './golden.ts';
import type { ModelSession, Tensor } from './session.ts';

/** The certificate that goes into every result: this runtime repeated the model's reference vectors. */
export interface ReferenceCheckPassed {
  readonly passed: true;
  readonly cases: number;
  readonly values: number;
  /** Largest |ours − reference| over all compared values. */
  readonly maxError: number;
}

export interface ReferenceCheckFailed {
  readonly passed: false;
  readonly reason: string;
}

export type ReferenceCheck = ReferenceCheckPassed | ReferenceCheckFailed;

type Comparison = { readonly values: number; readonly maxError: number } | { readonly reason: string };

function compare(
  name: string,
  tensor: Tensor | undefined,
  expected: ExpectedTensor,
  tolerance: Golden['tolerance'],
): Comparison {
  if (tensor === undefined) return { reason: `${name} is missing` };
  if (tensor.dims.join('×') !== expected.shape.join('×')) {
    return { reason: `${name} has shape ${tensor.dims.join('×')}, expected ${expected.shape.join('×')}` };
  }
  let absoluteSum = 0;
  for (const value of tensor.data) absoluteSum += Math.abs(value);
  const pairs: [string, number, number][] = expected.samples.map(([index, value]) => [
    `${name}[${index}]`,
    tensor.data[index] ?? Number.NaN,
    value,
  ]);
  pairs.push([`mean |${name}|`, absoluteSum / tensor.data.length, expected.meanAbsolute]);
  let maxError = 0;
  for (const [label, ours, reference] of pairs) {
    const error = Math.abs(ours - reference);
    // Written so that NaN fails.
    if (!(error <= tolerance.absolute + tolerance.relative * Math.abs(reference))) {
      return { reason: `${label} is ${ours}, expected ${reference}` };
    }
    maxError = Math.max(maxError, error);
  }
  return { values: pairs.length, maxError };
}

/**
 * Runs the golden inputs and compares. A GPU or a runtime can be silently wrong (onnxruntime#24070, #25029, #27596), so no
 * number is shown before this has passed on the same session. Never throws: a runtime that fails has failed the check.
 */
export async function checkReference(
  session: ModelSession,
  inputShape: readonly [number, number, number, number],
  golden: Golden,
): Promise<ReferenceCheck> {
  let values = 0;
  let maxError = 0;
  try {
    for (const { input, outputs } of golden.cases) {
      const tensor = goldenField(input.seed, inputShape[2], inputShape[3], input.gain);
      const computed = await session.run(tensor);
      for (const [name, expected] of Object.entries(outputs)) {
        const comparison = compare(name, computed.get(name), expected, golden.tolerance);
        if ('reason' in comparison)
          return { passed: false, reason: `seed ${input.seed}: ${comparison.reason}` };
        values += comparison.values;
        maxError = Math.max(maxError, comparison.maxError);
      }
    }
  } catch (cause) {
    return { passed: false, reason: describeThrown(cause) };
  }
  return { passed: true, cases: golden.cases.length, values, maxError };
}
