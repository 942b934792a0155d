import { type Client, createClient } from '@libsql/client';
import { openFailure } from './open-failure.ts';

/**
 * Makes this process the only owner of a file: an open write transaction on a small database beside it. The kernel frees
 * such a lock when the process ends, however it ends, so there is no stale one to clear away; and nothing else of this
 * process ever closes that file, which would free it early (POSIX advisory locks).
 * @throws AppError `storage.in-use`, and what else `openFailure` knows
 */
export async function lockFile(path: string): Promise<{ release(): Promise<void> }> {
  let client: Client | undefined;
  try {
    // Not waiting at all: the wait would stop the event loop.
    client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 0 });
    return await held(client);
  } catch (error) {
    client?.close();
    throw openFailure(path, error);
  }
}

async function held(client: Client): Promise<{ release(): Promise<void> }> {
  const transaction = await client.transaction('write');
  return {
    // Rolled back first: closing alone leaves the lock until the connection is collected as garbage.
    async release() {
      await transaction.rollback();
      client.close();
    },
  };
}
