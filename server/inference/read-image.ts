import { readFile, stat } from 'node:fs/promises';
import type { Analysis } from '../../shared/api/analysis.ts';
import type { ExplainMethod } from '../../shared/api/explanation.ts';
import type { ZipEntry } from '../../shared/imaging/archive/zip-directory.ts';
import { readZipEntry } from '../../shared/imaging/archive/zip-entry.ts';
import { encodePng } from '../../shared/imaging/png-encode.ts';
import { analyse, type PipelineContext, refuseUnopened } from '../../shared/inference/analyse.ts';
import { drawOverlay, strongestMap } from '../../shared/inference/overlay.ts';
import { maskAtImageSize } from '../../shared/inference/segment-lungs.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { openFileSource } from './file-source.ts';
import type { ReadJob, ReadReply, ReadSource } from './pool-api.ts';

/** A file larger than this is no single X-ray; it is refused before it fills the memory. */
const maxFileBytes = 512 * 2 ** 20;

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

type Opened = { readonly bytes: Uint8Array } | { readonly problem: AppError };

async function openSource(source: ReadSource): Promise<Opened> {
  if ('bytes' in source) return source;
  if ('problem' in source) return { problem: new AppError(source.problem, source.detail) };
  return source.entry === undefined ? openFile(source.path) : openEntry(source.path, source.entry);
}

async function openEntry(path: string, entry: ZipEntry): Promise<Opened> {
  try {
    await using file = await openFileSource(path);
    return { bytes: await readZipEntry(file, entry) };
  } catch (cause) {
    if (cause instanceof AppError) return { problem: cause };
    return { problem: new AppError('image.unreadable', describeThrown(cause), { cause }) };
  }
}

async function openFile(path: string): Promise<Opened> {
  try {
    const status = await stat(path);
    // A pipe or a device may never end.
    if (!status.isFile()) return { problem: new AppError('image.unreadable', 'not an ordinary file') };
    if (status.size > maxFileBytes)
      return { problem: new AppError('image.too-large', `${status.size} bytes`) };
    return { bytes: await readFile(path) };
  } catch (cause) {
    return { problem: new AppError('image.unreadable', describeThrown(cause), { cause }) };
  }
}
