import type { GradientSession } from '../../shared/model/gradient-session.ts';
import type { LoadedModel } from '../../shared/model/load-model.ts';
import type { ModelManifest } from '../../shared/model/manifest.ts';

/**
 * The same model, but before each of its runs the worker hears what it is told, and an aborted signal ends the run with its
 * reason: a runtime cannot be stopped within a run, and would keep the worker from hearing anything until its last one.
 */
export function interruptible<Manifest extends ModelManifest>(
  model: LoadedModel<Manifest>,
  signal: AbortSignal,
): LoadedModel<Manifest> {
  const { session, gradients } = model;
  const heard = async (): Promise<void> => {
    await nextTask();
    signal.throwIfAborted();
  };
  const watched = (gradient: GradientSession): GradientSession => ({
    ...gradient,
    async run(input, cotangent) {
      await heard();
      return gradient.run(input, cotangent);
    },
  });
  return {
    ...model,
    session: {
      runtime: session.runtime,
      release: () => session.release(),
      async run(...inputs) {
        await heard();
        return session.run(...inputs);
      },
    },
    gradients: {
      layer: async () => watched(await gradients.layer()),
      input: async () => watched(await gradients.input()),
      release: () => gradients.release(),
    },
  };
}

/** Behind the messages that have arrived; a timer would wait longer. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
