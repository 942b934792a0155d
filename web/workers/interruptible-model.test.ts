import { expect, it } from 'vitest';
import type { LoadedModel } from '../../shared/model/load-model.ts';
import { interruptible } from './interruptible-model.ts';

const tensor = { dims: [1], data: new Float32Array(1) };

/** Counts its runs. */
function situation() {
  const runs: string[] = [];
  const gradient = {
    run: async () => {
      runs.push('gradient');
      return { logits: tensor };
    },
  };
  const model = {
    session: {
      run: async () => {
        runs.push('session');
        return new Map([['logits', tensor]]);
      },
    },
    gradients: { layer: async () => gradient, input: async () => gradient },
  } as unknown as LoadedModel;
  const stop = new AbortController();
  return { runs, stop, model: interruptible(model, stop.signal) };
}

it('runs as before as long as nobody stops it', async () => {
  const { runs, model } = situation();
  expect((await model.session.run(tensor)).get('logits')).toBe(tensor);
  const gradient = await model.gradients.input();
  expect((await gradient.run(tensor.data, tensor.data)).logits).toBe(tensor);
  expect(runs).toEqual(['session', 'gradient']);
});

it('hears between two runs that it is to stop, however busy it is', async () => {
  const { runs, stop, model } = situation();
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => stop.abort(new Error('not wanted any more')));
  port1.start();
  const running = async (): Promise<void> => {
    const gradient = await model.gradients.layer();
    for (;;) await gradient.run(tensor.data, tensor.data);
  };
  const stopped = running();
  port2.postMessage('stop');
  await expect(stopped).rejects.toThrow('not wanted any more');
  expect(runs.length).toBeLessThan(100);
  await expect(model.session.run(tensor)).rejects.toThrow('not wanted any more');
  port1.close();
});
