import { createClient } from '@libsql/client';
import type { LibsqlClient } from './libsql-database.ts';

export const writerSettings: readonly string[] = [
  'journal_mode = TRUNCATE',
  'synchronous = FULL',
  'foreign_keys = ON',
  'cache_size = -65536',
  // What is erased goes from the file, not only from the tables.
  'secure_delete = ON',
  // Or a REPLACE would pass by the triggers that refuse a DELETE.
  'recursive_triggers = ON',
];
const readerSettings = ['query_only = ON', 'cache_size = -65536'];

async function open(path: string, settings: readonly string[]): Promise<LibsqlClient> {
  const client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 0 });
  for (const setting of settings) await client.execute(`PRAGMA ${setting}`);
  return client;
}

export interface FileClients {
  readonly writer: LibsqlClient;
  /** Cannot write. */
  readonly reader: LibsqlClient;
}

/**
 * Both connections to a libSQL file, which must live on one thread: in this journal mode a reader elsewhere makes a commit
 * fail; on one thread it cannot, because the native client runs each statement and each batch without a pause.
 */
export async function openClients(path: string): Promise<FileClients> {
  const writer = await open(path, writerSettings);
  return { writer, reader: await open(path, readerSettings) };
}
