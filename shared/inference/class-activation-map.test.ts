import { expect, it } from 'vitest';
import { fakeClassifier, tensor } from '../../tests/fixtures/fake-models.ts';
import { classActivationMap } from './class-activation-map.ts';

const input = tensor([1, 1, 4, 4], 0);

async function explain(model: ReturnType<typeof fakeClassifier>) {
  const outputs = await model.session.run(input);
  const grid = await classActivationMap({ manifest: model.manifest, findingIndex: 0, input, outputs });
  return { grid, logit: outputs.get('logits')!.data[0]! };
}

it('adds up to the logit where everything speaks for the finding', async () => {
  const { grid, logit } = await explain(fakeClassifier([0, 1, 0, 3, 2, 0, 1, 0], [1, 0.5], 0.25));
  expect(Array.from(grid.contributions)).toEqual([0.25, 0.25, 0.125, 0.75]);
  expect(grid.contributions.reduce((sum, value) => sum + value, 0.25)).toBeCloseTo(logit, 6);
});

it('leaves out what speaks against the finding, as Grad-CAM does', async () => {
  const { grid } = await explain(fakeClassifier([0, 1, 0, 3, 4, 4, 0, 0], [1, -1]));
  expect(Array.from(grid.contributions)).toEqual([0, 0, 0, 0.75]);
});

it('refuses an activation that is not finite', async () => {
  await expect(explain(fakeClassifier([0, Number.NaN, 0, 3]))).rejects.toMatchObject({
    code: 'model.bad-output',
  });
});
