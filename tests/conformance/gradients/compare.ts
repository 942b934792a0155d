import type { Tensor } from '../../../shared/model/session.ts';

/** References below this are zero for all purposes. */
const vanishing = 1e-12;
const almostZero = 1e-6;

/** ‖ours − reference‖ / ‖reference‖, by the Euclidean norm; for a reference of zeros, ‖ours‖. */
export interface Difference {
  readonly relativeL2: number;
  readonly passed: boolean;
  readonly reason?: string;
}

export function differenceOf(ours: Tensor | undefined, reference: Tensor, tolerance: number): Difference {
  if (ours === undefined) return { relativeL2: NaN, passed: false, reason: 'missing' };
  if (ours.dims.join('×') !== reference.dims.join('×')) {
    const reason = `shape ${ours.dims.join('×')}, not ${reference.dims.join('×')}`;
    return { relativeL2: NaN, passed: false, reason };
  }
  const size = norm(reference.data);
  const apart = norm(ours.data.map((value, index) => value - reference.data[index]!));
  if (size < vanishing) {
    const all = norm(ours.data);
    return { relativeL2: all, passed: all <= almostZero };
  }
  // Written so that NaN does not pass.
  return { relativeL2: apart / size, passed: apart / size <= tolerance };
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
