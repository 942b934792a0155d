import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FileAnswer, FileCall, SentRows } from './file-thread-messages.ts';
import type { LibsqlClient } from './libsql-database.ts';
import type { FileClients } from './open-clients.ts';

interface Waiting {
  readonly resolve: (rows: SentRows) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens a file's connections on a thread of their own. The thread keeps the process alive only while it is asked something.
 * Should it die, nothing can be stored any more, and the process dies with it: whoever watches the hub starts it again.
 */
export async function startFileThread(
  path: string,
): Promise<FileClients & { readonly onClose: () => Promise<void> }> {
  // Options of the process, such as `--input-type`, are not meant for this program.
  const thread = new Worker(new URL('file-thread-program.ts', import.meta.url), {
    workerData: { path },
    execArgv: [],
  });
  const waiting: Waiting[] = [];
  let first = 0;
  let isClosed = false;

  function next(): Waiting {
    const taken = waiting[first++]!;
    // Shifting a long array moves all of it.
    if (first === waiting.length) {
      waiting.length = 0;
      first = 0;
      thread.unref();
    }
    return taken;
  }

  const answered = (): Promise<SentRows> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) thread.ref();
      waiting.push({ resolve, reject });
    });

  function ask(call: FileCall): Promise<SentRows> {
    if (isClosed) {
      return Promise.reject(Object.assign(new Error('The client is closed'), { code: 'CLIENT_CLOSED' }));
    }
    const rows = answered();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
    thread.postMessage(call);
    return rows;
  }

  thread.on('message', (answer: FileAnswer) => {
    const { resolve, reject } = next();
    if ('rows' in answer) resolve(answer.rows);
    else reject(Object.assign(new Error(answer.failed.message), { code: answer.failed.code }));
  });
  await answered();

  const clientOf = (client: FileCall['client']): LibsqlClient => ({
    execute: async (run) => ({ rows: await ask({ client, run }) }),
    batch: (run) => ask({ client, run }),
    close: () => (isClosed = true),
  });
  return {
    writer: clientOf('writer'),
    reader: clientOf('reader'),
    async onClose() {
      thread.ref();
      const ended = once(thread, 'exit');
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
      thread.postMessage('close');
      await ended;
    },
  };
}
