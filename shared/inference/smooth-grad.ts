import { seededRandom } from '../kernel/seeded-random.ts';
import type { GradientSession } from '../model/gradient-session.ts';
import { meanGradient } from './path-gradients.ts';

/** Of the picture's range, within the 10 to 20 % of the paper (Smilkov 2017, §2.3). */
const noiseShare = 0.15;

/**
 * SmoothGrad (Smilkov 2017): the mean gradient over copies of the picture with noise. The same noise each time.
 * @param picture C × rows × columns
 * @throws AppError `model.*`
 */
export async function smoothGrad(
  session: GradientSession,
  picture: Float32Array,
  cotangent: Float32Array,
  samples: number,
): Promise<Float64Array> {
  const random = seededRandom(1);
  let [least, most] = [Infinity, -Infinity];
  for (const value of picture) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const deviation = noiseShare * (most - least);
  function* noisy(): Generator<Float32Array> {
    for (let sample = 0; sample < samples; sample += 1) {
      yield picture.map((value) => value + deviation * normal(random));
    }
  }
  const { gradient } = await meanGradient({ session, picture, cotangent, points: noisy() });
  return gradient;
}

/** Box & Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
