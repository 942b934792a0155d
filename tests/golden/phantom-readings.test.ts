import { beforeAll, describe, expect, it } from 'vitest';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { openPipeline } from '../../server/inference/open-pipeline.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { analyse, type PipelineContext } from '../../shared/inference/analyse.ts';
import reference from './phantom-readings.json' with { type: 'json' };
import { phantomSet } from './phantom-set.ts';

/** The whole pipeline, from the bytes of a file to logit and map, against an independent one in PyTorch and Pillow. */

let pipeline: PipelineContext;
beforeAll(async () => {
  pipeline = await openPipeline(bundledModelsDir);
});

describe('the pipeline', () => {
  it('is compared with numbers of the same weights', () => {
    const { lungs, classifier } = pipeline;
    expect([lungs.manifest.sha256, classifier.manifest.sha256]).toEqual([
      reference.lungsSha256,
      reference.pneumoniaSha256,
    ]);
    expect(reference.readings).toHaveLength(phantomSet.length);
  });

  it.each(phantomSet.map((options, index) => ({ ...options, index })))(
    'reads phantom $index ($width × $height) as PyTorch and Pillow do',
    async ({ index, ...options }) => {
      const { logit, box, classActivation } = reference.readings[index]!;
      const { analysis } = await analyse(phantomFile(options), pipeline);
      const [finding] = analysis.findings;
      const heatmap = finding!.heatmap!;
      // Float32 against float32 in another order of operations; the promise between runtimes is 1e-3.
      expect(Math.abs(finding!.logit - logit)).toBeLessThan(1e-3);
      const { x0, y0, x1, y1 } = heatmap.box;
      for (const [ours, theirs] of [x0, y0, x1, y1].map((edge, side) => [edge, box[side]!] as const)) {
        expect(ours).toBeCloseTo(theirs, 3);
      }
      const contributions = classActivation
        .flat()
        .map((value) => Math.max(0, value) / classActivation.flat().length);
      const peak = Math.max(...contributions);
      expect(heatmap.peak).toBeCloseTo(peak, 4);
      for (const [cell, value] of contributions.entries()) {
        expect(Math.abs(heatmap.values[cell]! * peak - value)).toBeLessThan(1e-3);
      }
    },
  );
});
