import type { ArchiveApi } from './archive-api.ts';
import { spareWorker } from './spare-worker.ts';
import { type Remote, startWorker, type WorkerHandle } from './worker-rpc.ts';

/** Opens archives and lists in a worker of its own, one call after the other. Same errors as `ArchiveApi`. */
export type ArchiveClient = ArchiveApi;

const timeoutMs = 60_000;
const idleMs = 20_000;

function startArchiveWorker(): WorkerHandle<ArchiveApi> {
  return startWorker<ArchiveApi>(
    (name) => new Worker(new URL('../workers/archive.worker.ts', import.meta.url), { type: 'module', name }),
  );
}

export function createArchiveClient(start = startArchiveWorker): ArchiveClient {
  const stand = spareWorker(start, idleMs);

  async function ask<Answer>(use: (api: Remote<ArchiveApi>) => Promise<Answer>): Promise<Answer> {
    const worker = stand.take();
    try {
      return await worker.call(use, { timeoutMs });
    } finally {
      stand.giveBack(worker);
    }
  }

  return {
    pictures: (archive) => ask((api) => api.pictures(archive)),
    entry: (archive, entry) => ask((api) => api.entry(archive, entry)),
    listed: (dicomdir) => ask((api) => api.listed(dicomdir)),
  };
}
