import type { ExportedFile, ExportOptions, ExportPreview, FileApi, FileHeader } from './file-api.ts';
import { type Remote, startWorker, transfer, type WorkerHandle } from './worker-rpc.ts';
import { spareWorker } from './spare-worker.ts';

/** Buffers are transferred. @throws AppError `image.*`, `deidentify.*`, `inference.*`; the signal's reason */
export interface FileClient {
  header(file: ArrayBuffer, signal: AbortSignal): Promise<FileHeader>;
  /** @param frame counted from 0 */
  preview(file: ArrayBuffer, frame: number, signal: AbortSignal): Promise<ExportPreview>;
  deidentify(file: ArrayBuffer, options: ExportOptions, signal: AbortSignal): Promise<ExportedFile>;
}

const timeoutMs = 120_000;
const idleMs = 60_000;

function startFileWorker(): WorkerHandle<FileApi> {
  return startWorker<FileApi>(
    (name) => new Worker(new URL('../workers/file.worker.ts', import.meta.url), { type: 'module', name }),
  );
}

/** Has a worker of its own: the data dictionary is loaded when somebody asks for a header, and by nobody else. */
export function createFileClient(start = startFileWorker): FileClient {
  const workers = spareWorker(start, idleMs);

  async function ask<Answer>(
    use: (api: Remote<FileApi>) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    signal.throwIfAborted();
    const worker = workers.take();
    try {
      return await worker.call(use, { signal, timeoutMs });
    } finally {
      workers.giveBack(worker);
    }
  }

  return {
    header: (file, signal) => ask((api) => api.header(transfer(file, [file])), signal),
    preview: (file, frame, signal) => ask((api) => api.preview(transfer(file, [file]), frame), signal),
    deidentify: (file, options, signal) =>
      ask((api) => api.deidentify(transfer(file, [file]), options), signal),
  };
}
