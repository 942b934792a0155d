import { AppError } from '../kernel/errors.ts';
import type { GradientSession } from '../model/gradient-session.ts';

/** One picture, its score and where the gradients are taken. Pictures are C × rows × columns, without the batch axis. */
export interface PathRequest {
  readonly session: GradientSession;
  readonly picture: Float32Array;
  /** For one picture. */
  readonly cotangent: Float32Array;
  /** The gradient is averaged over these points. */
  readonly points: Iterable<Float32Array>;
}

export interface PathGradient {
  /** Mean over the points, of the picture's size. */
  readonly gradient: Float64Array;
  /** Σ cotangent · logits at each point, in order. */
  readonly scores: readonly number[];
}

/**
 * The mean gradient of a score over some points, as many at once as the session was compiled for.
 * @throws AppError `model.*`
 */
export async function meanGradient({
  session,
  picture,
  cotangent,
  points,
}: PathRequest): Promise<PathGradient> {
  const batch = session.inputDims[0]!;
  const size = picture.length;
  const gradient = new Float64Array(size);
  const scores: number[] = [];
  const cotangents = new Float32Array(cotangent.length * batch);
  for (let item = 0; item < batch; item += 1) cotangents.set(cotangent, item * cotangent.length);
  for (const group of groupsOf(points, batch)) {
    const input = new Float32Array(size * batch);
    // An unfilled place repeats the first point and is not counted.
    for (let item = 0; item < batch; item += 1) input.set(group[item] ?? group[0]!, item * size);
    const { logits, inputGradient } = await session.run(input, cotangents);
    if (inputGradient?.data.length !== input.length) {
      throw new AppError('model.bad-output', 'the gradient does not have the size of the input');
    }
    for (const item of group.keys()) {
      for (let index = 0; index < size; index += 1)
        gradient[index]! += inputGradient.data[item * size + index]!;
      scores.push(weighed(logits.data, cotangent, item));
    }
  }
  for (let index = 0; index < size; index += 1) gradient[index]! /= scores.length;
  return { gradient, scores };
}

/** Σ cotangent · logits of one item. @throws AppError `model.bad-output` when it is not finite */
export function weighed(logits: Float32Array, cotangent: Float32Array, item: number): number {
  const start = item * cotangent.length;
  const score = cotangent.reduce((sum, weight, index) => sum + weight * logits[start + index]!, 0);
  if (!Number.isFinite(score)) throw new AppError('model.bad-output', `the score is ${score}`);
  return score;
}

function* groupsOf<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let group: Item[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length === size) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
