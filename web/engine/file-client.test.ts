import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/kernel/errors.ts';
import type { FileApi, FileHeader } from './file-api.ts';
import { createFileClient, type FileClient } from './file-client.ts';
import type { WorkerHandle } from './worker-rpc.ts';

type Remote = Parameters<Parameters<WorkerHandle<FileApi>['call']>[0]>[0];

const header: FileHeader = { format: 'dicom', rows: [] };

/** As worker-rpc promises it: an abort ends the worker. A file of 0 bytes fails. */
function fakeWorker(): WorkerHandle<FileApi> & { stopped: boolean } {
  const ended = Promise.withResolvers<void>();
  const api: Pick<FileApi, 'header'> = {
    async header(file) {
      if (file.byteLength === 0) throw new AppError('image.empty', 'no bytes');
      if (file.byteLength === 1) await new Promise(() => undefined);
      return header;
    },
  };
  const worker = {
    stopped: false,
    ended: ended.promise,
    stop() {
      worker.stopped = true;
      ended.resolve();
    },
    call<Result>(use: (remote: Remote) => Promise<Result>, { signal }: { signal?: AbortSignal } = {}) {
      const abort = Promise.withResolvers<never>();
      signal?.addEventListener('abort', () => {
        abort.reject(signal.reason);
        worker.stop();
      });
      return Promise.race([abort.promise, use(api as unknown as Remote)]);
    },
  };
  return worker;
}

describe('the file client', () => {
  let workers: ReturnType<typeof fakeWorker>[];
  let client: FileClient;
  const never = new AbortController().signal;

  beforeEach(() => {
    workers = [];
    client = createFileClient(() => {
      const worker = fakeWorker();
      workers.push(worker);
      return worker;
    });
  });

  it('starts a worker when somebody asks, and keeps it for the next file', async () => {
    expect(workers).toHaveLength(0);
    expect(await client.header(new ArrayBuffer(4), never)).toEqual(header);
    await client.header(new ArrayBuffer(4), never);
    expect(workers).toHaveLength(1);
  });

  it('keeps it after a file that fails', async () => {
    await expect(client.header(new ArrayBuffer(0), never)).rejects.toMatchObject({ code: 'image.empty' });
    await client.header(new ArrayBuffer(4), never);
    expect(workers).toHaveLength(1);
  });

  it('ends with the dialog that asked, and starts another for the next', async () => {
    const abort = new AbortController();
    const asked = client.header(new ArrayBuffer(1), abort.signal);
    abort.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers[0]!.stopped).toBe(true);
    await workers[0]!.ended;
    await client.header(new ArrayBuffer(4), never);
    expect(workers).toHaveLength(2);
    await expect(client.header(new ArrayBuffer(4), AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
