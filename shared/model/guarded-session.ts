import { AppError } from '../kernel/errors.ts';
import type { ModelSession, Tensor } from './session.ts';

/**
 * A session on a device that can fail without a word: a lost GPU has been seen to answer zeros, or what it answered last
 * (onnxruntime#24070, #25029). A run is refused when the device is known to be lost, when everything it answers is zero,
 * or when another input gets the very answer of the one before and a third one, too. (A network may be blind to two of them: in
 * one whose ReLUs are all at rest, every dark picture has the same logits and no gradient.)
 * @param lostBecause why the device is lost, undefined while it is not
 * @throws AppError from `run`, besides the session's own: `device.gpu-lost`, `model.bad-output`
 */
export function guardedSession(session: ModelSession, lostBecause: () => string | undefined): ModelSession {
  let last:
    | { readonly inputs: readonly Float32Array[]; readonly outputs: ReadonlyMap<string, Tensor> }
    | undefined;

  function assertAlive(): void {
    const reason = lostBecause();
    if (reason !== undefined) throw new AppError('device.gpu-lost', reason);
  }

  return {
    runtime: session.runtime,
    release: () => session.release(),
    async run(...inputs) {
      assertAlive();
      let outputs: ReadonlyMap<string, Tensor>;
      try {
        outputs = await session.run(...inputs);
      } catch (cause) {
        assertAlive();
        throw cause;
      }
      assertAlive();
      const answered = [...outputs.values()];
      if (answered.every(({ data }) => data.every((value) => value === 0))) {
        throw new AppError('model.bad-output', 'every value of the answer is zero');
      }
      const isNew = !inputs.every(({ data }, index) => sameValues(last?.inputs[index] ?? noValues, data));
      const isRepeated = last !== undefined && isNew && sameOutputs(last.outputs, outputs);
      if (isRepeated && sameOutputs(outputs, await session.run(...inputs.map(anotherPicture)))) {
        throw new AppError('model.bad-output', 'two different inputs got the very same answer');
      }
      // Copies: both buffers belong to the caller again.
      last = { inputs: inputs.map(({ data }) => data.slice()), outputs: copies(outputs) };
      return outputs;
    },
  };
}

/** Bright and dark by turns, so that no network can take it for a dark one. */
const anotherPicture = ({ dims, data }: Tensor): Tensor => ({
  dims,
  data: data.map((_, index) => Math.sin(index + 1)),
});

const noValues = new Float32Array();

function copies(outputs: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
  return new Map([...outputs].map(([name, { dims, data }]) => [name, { dims, data: data.slice() }]));
}

function sameValues(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function sameOutputs(a: ReadonlyMap<string, Tensor>, b: ReadonlyMap<string, Tensor>): boolean {
  return [...a].every(([name, { data }]) => {
    const other = b.get(name);
    return other !== undefined && sameValues(data, other.data);
  });
}
