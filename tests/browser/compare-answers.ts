import { expect } from 'vitest';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { nativeRuntime } from '../../server/inference/node-runtimes.ts';
import { openPipeline } from '../../server/inference/open-pipeline.ts';
import { goldenField } from '../../shared/model/golden.ts';

/** Every value of every output, by "model seed" and output. */
export type Answers = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

export async function nativeAnswers(
  modelsDir = bundledModelsDir,
  seeds: readonly number[] = [],
): Promise<Answers> {
  const { lungs, classifier } = await openPipeline(modelsDir, [await nativeRuntime()]);
  const answers: Record<string, Record<string, number[]>> = {};
  for (const { manifest, session } of [lungs, classifier]) {
    const [, , rows, columns] = manifest.input.shape;
    for (const seed of seeds) {
      const outputs = await session.run(goldenField(seed, rows, columns, 1));
      answers[`${manifest.name} ${seed}`] = Object.fromEntries(
        [...outputs].map(([key, { data }]) => [key, [...data]]),
      );
    }
  }
  return answers;
}

/** The figures that the project promises: logits within 1e-3, masks alike in 99.9 % of their pixels. */
export function compareAnswers(reference: Answers, ours: Answers): void {
  expect(Object.keys(ours)).toEqual(Object.keys(reference));
  expect(Object.keys(ours).length).toBeGreaterThanOrEqual(2);
  for (const [label, outputs] of Object.entries(reference)) {
    for (const [name, expected] of Object.entries(outputs)) {
      const values = ours[label]![name]!;
      expect(values.length, `${label} ${name}`).toBe(expected.length);
      const largest = values.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - expected[index]!)),
        0,
      );
      expect(largest, `${label} ${name}`).toBeLessThan(1e-3);
      if (name !== 'mask') continue;
      const alike = values.filter((value, index) => value > 0 === expected[index]! > 0).length;
      expect(alike / values.length).toBeGreaterThanOrEqual(0.999);
    }
  }
}
