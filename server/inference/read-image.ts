import type { Analysis } from '../../shared/api/analysis.ts';
import type { ExplainMethod } from '../../shared/api/explanation.ts';
import { encodePng } from '../../shared/imaging/png-encode.ts';
import { analyse, type PipelineContext, refuseUnopened } from '../../shared/inference/analyse.ts';
import { drawOverlay, strongestMap } from '../../shared/inference/overlay.ts';
import { maskAtImageSize } from '../../shared/inference/segment-lungs.ts';
import { openSource } from './open-source.ts';
import type { ReadJob, ReadReply } from './pool-api.ts';

/** Runs the pipeline on one job and draws the pictures that were asked for. */
export async function readImage(job: ReadJob, context: PipelineContext): Promise<ReadReply> {
  const named = (analysis: Analysis): Analysis =>
    job.file === undefined ? analysis : { ...analysis, file: job.file };
  const opened = await openSource(job.source);
  if ('problem' in opened) return { analysis: named(refuseUnopened(opened.problem, context)) };

  const { analysis, image, lungs } = await analyse(opened.bytes, context, job.explain);
  if (image === undefined || lungs === undefined) return { analysis: named(analysis) };
  const { width, height } = image;
  return {
    analysis: named(analysis),
    ...(job.wantOverlay && {
      overlays: overlayMethods(job).map(({ name, method }) => {
        const map = strongestMap(analysis.findings, method);
        return { name, png: encodePng(width, height, drawOverlay(image, lungs, map), 3) };
      }),
    }),
    ...(job.wantMask && { maskPng: encodePng(width, height, maskAtImageSize(lungs, width, height)) }),
  };
}

/** One picture for each explanation that was asked for; without any, the Grad-CAM that every finding has. */
export function overlayMethods({
  explain,
}: Pick<ReadJob, 'explain'>): { readonly name: string; readonly method?: ExplainMethod }[] {
  if (explain === undefined || explain.length === 0) return [{ name: 'overlay' }];
  return explain.map((method) => ({ name: `overlay-${method}`, method }));
}
