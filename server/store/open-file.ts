import { createClient } from '@libsql/client';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import type { Database, Row } from './database.ts';

/** A libSQL file of which this process is the only owner. */
export async function openFile(path: string): Promise<Database> {
  const client = createClient({ url: `file:${path}`, concurrency: 1 });
  await client.execute('PRAGMA journal_mode = TRUNCATE');
  await client.execute('PRAGMA synchronous = FULL');
  await client.execute('PRAGMA foreign_keys = ON');
  const queue = createSerialQueue();
  return {
    write: (statements) =>
      queue.run(async () => {
        await client.batch(
          statements.map(({ sql, args }) => ({ sql, args: [...args] })),
          'write',
        );
      }),
    read: async ({ sql, args }) => (await client.execute({ sql, args: [...args] })).rows as unknown as Row[],
    close: async () => client.close(),
  };
}
