import { parentPort, workerData } from 'node:worker_threads';
import { describeThrown } from '../../shared/kernel/errors.ts';
import type { FileAnswer, FileCall } from './file-thread-messages.ts';
import { type FileClients, openClients } from './open-clients.ts';

/** The program of the thread that owns a file's connections. The first answer says whether it could be opened. */

const port = parentPort!;

function failed(error: unknown): FileAnswer {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return { failed: { message: describeThrown(error), code } };
}

async function answer(clients: FileClients, { client, run }: FileCall): Promise<FileAnswer> {
  try {
    if (Array.isArray(run)) {
      await clients[client].batch(run, 'write');
      return { rows: [] };
    }
    const { rows } = await clients[client].execute(run as Exclude<FileCall['run'], readonly unknown[]>);
    return { rows };
  } catch (error) {
    return failed(error);
  }
}

try {
  const clients = await openClients((workerData as { readonly path: string }).path);
  // One after the other, so that a read sees what was sent before it.
  let last: Promise<unknown> = Promise.resolve();
  const take = async (call: FileCall | 'close'): Promise<void> => {
    if (call === 'close') {
      clients.writer.close();
      clients.reader.close();
      port.close();
    } else port.postMessage(await answer(clients, call));
  };
  port.on('message', (call: FileCall | 'close') => {
    last = last.then(() => take(call));
  });
  port.postMessage({ rows: [] } satisfies FileAnswer);
} catch (error) {
  port.postMessage(failed(error));
  port.close();
}
