/**
 * (x − mean) / max(std, minStd) with the population standard deviation, summed in float64: makes the network blind to
 * brightness and contrast, which differ from machine to machine.
 */
export function standardise(values: Float32Array | Float64Array, minStd: number): Float32Array {
  const { mean, std } = statistics(values, minStd);
  const result = new Float32Array(values.length);
  for (let index = 0; index < values.length; index += 1) result[index] = (values[index]! - mean) / std;
  return result;
}

/** What `standardise` subtracts and divides by. */
export function statistics(
  values: Float32Array | Float64Array,
  minStd: number,
): { mean: number; std: number } {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) squares += (values[index]! - mean) ** 2;
  const std = Math.max(Math.sqrt(squares / values.length), minStd);
  return { mean, std };
}
