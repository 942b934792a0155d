import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { PipelineContext } from '../../shared/inference/analyse.ts';
import type { ChildMessage, JobMessage, SentError } from './child-protocol.ts';
import { openPipeline } from './open-pipeline.ts';
import type { ModelStatus } from './pool-api.ts';
import { readImage } from './read-image.ts';

/** The program of one inference child: checks the models once, then reads one image after the other. */

function send(message: ChildMessage): void {
  // A parent that has gone away is no reason to crash: 'disconnect' ends this process.
  if (process.connected) process.send?.(message, () => undefined);
}

function sentError(thrown: unknown): SentError {
  const code = thrown instanceof AppError ? thrown.code : 'server.internal';
  return { code, message: describeThrown(thrown) };
}

function modelStatus({ lungs, classifier }: PipelineContext): ModelStatus[] {
  return [lungs, classifier].map(({ manifest, session, check, rejected }) => ({
    name: manifest.name,
    version: manifest.version,
    sha256: manifest.sha256,
    runtime: session.runtime,
    maxError: check.maxError,
    values: check.values,
    rejectedRuntimes: rejected,
  }));
}

async function answer({ id, job }: JobMessage, pipeline: PipelineContext): Promise<void> {
  try {
    const reply = await readImage(job, pipeline);
    send({ kind: 'reply', id, reply, rssBytes: process.memoryUsage.rss() });
  } catch (thrown) {
    send({ kind: 'error', id, error: sentError(thrown), rssBytes: process.memoryUsage.rss() });
  }
}

async function main(modelsDir: string): Promise<void> {
  const pipeline = await openPipeline(modelsDir);
  // Now rather than at the first image. Where it fails, each finding says that it has no map.
  await pipeline.classifier.gradients.layer().catch(() => undefined);
  process.on('message', (message: JobMessage) => void answer(message, pipeline));
  send({ kind: 'ready', models: modelStatus(pipeline) });
}

process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole process group: the parent decides when its children stop, after the work under way.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
const [modelsDir] = process.argv.slice(2);
if (modelsDir === undefined) throw new TypeError('the models folder is missing');
main(modelsDir).catch((thrown: unknown) => {
  send({ kind: 'failed-to-start', error: sentError(thrown) });
});
