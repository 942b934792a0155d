import { AppError } from '../kernel/errors.ts';
import { seededRandom } from '../kernel/seeded-random.ts';
import type { GradientAnswer, GradientSession } from './gradient-session.ts';

/** Shares of the picture's size by which it is moved: the smallest that float32 still resolves, and coarser ones. */
const stepSizes = [1e-3, 4e-3, 1.6e-2];
/** Finite differences in float32 across kinks; a wrong kernel is off by whole factors. */
const tolerance = 0.05;

/**
 * Whether gradients on this device are what they say: a runtime has been seen to answer wrong ones without a word (the older
 * WebGPU provider, relative error 1). The picture is moved a little in a random direction; the change that the gradient promises
 * must be the change of the score. A layer's gradient is held against the change of that layer, if nothing leads around it.
 * @param picture one reference input, as large as `inputDims` without the batch
 * @throws AppError `model.check-failed`
 */
export async function checkGradient(session: GradientSession, picture: Float32Array): Promise<void> {
  const batch = session.inputDims[0]!;
  const logits = session.outputDims.reduce((product, dim) => product * dim, 1);
  const random = seededRandom(7);
  // Different weights for each logit and each picture of the batch, so that none can stand in for another.
  const cotangent = Float32Array.from({ length: logits }, () => 0.5 + random());
  const still = await session.run(repeated(picture, batch), cotangent);
  const direction = directionFor(
    picture.map(() => random() - 0.5),
    still.inputGradient?.data,
  );
  const moved = (step: number): Float32Array =>
    repeated(
      picture.map((value, index) => value + step * direction[index]!),
      batch,
    );
  const score = ({ logits: { data } }: GradientAnswer): number =>
    data.reduce((sum, logit, index) => sum + cotangent[index]! * logit, 0);

  const found: string[] = [];
  for (const step of stepSizes) {
    const [up, down] = [
      await session.run(moved(step), cotangent),
      await session.run(moved(-step), cotangent),
    ];
    const measured = (score(up) - score(down)) / (2 * step);
    const promised = [
      ...(still.inputGradient === undefined
        ? []
        : [dot(still.inputGradient.data, (index) => direction[index % direction.length]!)]),
      ...(still.activationGradient === undefined || session.layer?.carriesAll !== true
        ? []
        : [
            dot(
              still.activationGradient.data,
              (index) => (up.activation!.data[index]! - down.activation!.data[index]!) / (2 * step),
            ),
          ]),
    ];
    if (promised.length === 0) throw new TypeError('there is no gradient that could be checked');
    // Written so that NaN fails.
    if (promised.every((each) => Math.abs(each - measured) <= tolerance * Math.abs(measured))) return;
    found.push(`${promised.map((each) => each.toPrecision(4)).join(' and ')} for ${measured.toPrecision(4)}`);
  }
  throw new AppError(
    'model.check-failed',
    `${session.runtime.name} (${session.runtime.backend}): gradients promise ${found.join('; ')}`,
  );
}

/** A random direction, and where the gradient is known half of it uphill: there the change stands out from the rounding. */
function directionFor(random: Float32Array, gradient: Float32Array | undefined): Float32Array {
  if (gradient === undefined) return random;
  const uphill = gradient.subarray(0, random.length);
  const size = Math.sqrt(uphill.reduce((sum, slope) => sum + slope * slope, 0) / uphill.length);
  return size > 0 ? random.map((value, index) => value + (0.3 * uphill[index]!) / size) : random;
}

function repeated(picture: Float32Array, times: number): Float32Array {
  const batch = new Float32Array(picture.length * times);
  for (let item = 0; item < times; item += 1) batch.set(picture, item * picture.length);
  return batch;
}

function dot(values: Float32Array, other: (index: number) => number): number {
  return values.reduce((sum, value, index) => sum + value * other(index), 0);
}
