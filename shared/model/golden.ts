import { z } from 'zod';
import { seededRandom } from '../kernel/seeded-random.ts';
import type { Tensor } from './session.ts';
import { standardise } from './standardise.ts';

/** Reference vectors of a model: inputs by generator, expected outputs by PyTorch in float64. `models/NAME/golden.json`. */

const ExpectedTensor = z.strictObject({
  shape: z.array(z.int().positive()),
  meanAbsolute: z.number(),
  /** [flat index, value] */
  samples: z.array(z.tuple([z.int().nonnegative(), z.number()])).min(1),
});
export type ExpectedTensor = z.infer<typeof ExpectedTensor>;

export const Golden = z.strictObject({
  format: z.literal(1),
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** A value agrees when |ours − reference| ≤ absolute + relative · |reference|. */
  tolerance: z.strictObject({ absolute: z.number().positive(), relative: z.number().nonnegative() }),
  cases: z
    .array(
      z.strictObject({
        input: z.strictObject({
          generator: z.literal('field'),
          seed: z.int().nonnegative(),
          gain: z.number().positive(),
        }),
        outputs: z.record(z.string(), ExpectedTensor),
      }),
    )
    .min(3),
});
export type Golden = z.infer<typeof Golden>;

/**
 * A smooth random field with noise, [1, 1, height, width], mean 0, standard deviation `gain`.
 * It has no symmetry, so that a flipped or permuted tensor gives other outputs.
 */
export function goldenField(seed: number, height: number, width: number, gain: number): Tensor {
  const next = seededRandom(seed);
  const waves = Array.from({ length: 6 }, () => ({
    amplitude: 0.3 + 0.7 * next(),
    cyclesX: Math.floor(6 * next()),
    cyclesY: Math.floor(6 * next()),
    phase: 2 * Math.PI * next(),
  }));
  const field = new Float64Array(height * width);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let value = 0;
      for (const { amplitude, cyclesX, cyclesY, phase } of waves) {
        const turns = (cyclesX * (x + 0.5)) / width + (cyclesY * (y + 0.5)) / height;
        value += amplitude * Math.cos(2 * Math.PI * turns + phase);
      }
      field[y * width + x] = value + 0.5 * (next() - 0.5);
    }
  }
  const data = standardise(field, 0);
  for (let index = 0; index < data.length; index += 1) data[index]! *= gain;
  return { dims: [1, 1, height, width], data };
}
