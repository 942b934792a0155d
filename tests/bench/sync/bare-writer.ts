import { join } from 'node:path';
import { createClient, type InStatement } from '@libsql/client';
import { writerSettings } from '../../../server/store/open-clients.ts';

/** libSQL alone, with the settings of the store: what the hub's statements cost when nobody works them out. */
export interface BareWriter {
  /** @returns milliseconds */
  write(batches: readonly (readonly InStatement[])[]): Promise<number>;
  close(): void;
}

export async function openBareWriter(folder: string): Promise<BareWriter> {
  const client = createClient({ url: `file:${join(folder, 'bare.db')}`, concurrency: 1 });
  for (const setting of writerSettings) await client.execute(`PRAGMA ${setting}`);
  return {
    async write(batches) {
      const started = performance.now();
      for (const statements of batches) await client.batch([...statements], 'write');
      return performance.now() - started;
    },
    close: () => client.close(),
  };
}
