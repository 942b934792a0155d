import { join } from 'node:path';
import { createClient, type InStatement } from '@libsql/client';

/** libSQL alone, with the settings of the store: what the hub's statements cost when nobody works them out. */
export interface BareWriter {
  /** @returns milliseconds */
  write(batches: readonly (readonly InStatement[])[]): Promise<number>;
  close(): void;
}

const settings = [
  'journal_mode = TRUNCATE',
  'synchronous = FULL',
  'foreign_keys = ON',
  'cache_size = -65536',
  'secure_delete = ON',
  'recursive_triggers = ON',
];

export async function openBareWriter(folder: string): Promise<BareWriter> {
  const client = createClient({ url: `file:${join(folder, 'bare.db')}`, concurrency: 1 });
  for (const setting of settings) await client.execute(`PRAGMA ${setting}`);
  return {
    async write(batches) {
      const started = performance.now();
      for (const statements of batches) await client.batch([...statements], 'write');
      return performance.now() - started;
    },
    close: () => client.close(),
  };
}
