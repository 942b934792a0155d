import { createClient } from '@libsql/client';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

/**
 * Makes this process the only owner of a file: an open write transaction on a small database beside it. The kernel frees
 * such a lock when the process ends, however it ends, so there is no stale one to clear away; and nothing else of this
 * process ever closes that file, which would free it early (POSIX advisory locks).
 * @throws AppError `storage.in-use`
 */
export async function lockFile(path: string): Promise<{ release(): Promise<void> }> {
  // Not waiting at all: the wait would stop the event loop.
  const client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 0 });
  try {
    const held = await client.transaction('write');
    return {
      // Rolled back first: closing alone leaves the lock until the connection is collected as garbage.
      async release() {
        await held.rollback();
        client.close();
      },
    };
  } catch (error) {
    client.close();
    const message = `the lock ${path} is held: ${describeThrown(error)}`;
    throw new AppError('storage.in-use', message, { cause: error });
  }
}
