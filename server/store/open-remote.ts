import { createClient } from '@libsql/client/web';
import type { Database } from './database.ts';
import { createLibsqlDatabase } from './libsql-database.ts';

/**
 * A libSQL server over HTTP, for hosts without a disk: only `batch` and `execute`, no connection that lasts. Others may
 * write to it at the same time.
 */
export function openRemote(options: { readonly url: string; readonly authToken?: string }): Database {
  const client = createClient(options);
  return createLibsqlDatabase({
    writer: client,
    reader: client,
    breathe: () => Promise.resolve(),
    isShared: true,
  });
}
