import { createClient } from '@libsql/client';
import { translated } from './libsql-database.ts';

/**
 * Writes a libSQL file anew from what is in it, so that nothing of what was deleted or replaced lies on in its free parts.
 * Whoever calls it has the file open, and so its lock. Interrupted, the file is as it was. It takes room for two copies.
 * @throws AppError `storage.full`
 */
export async function compactFile(path: string): Promise<void> {
  const client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 0 });
  try {
    for (const sql of ['PRAGMA journal_mode = TRUNCATE', 'PRAGMA synchronous = FULL', 'VACUUM'])
      await client.execute(sql);
  } catch (error) {
    throw translated(error);
  } finally {
    client.close();
  }
}
