import type { LogCrypto } from '../../shared/log/log-crypto.ts';
import type { Sealer } from '../keys/sealer-api.ts';
import type { Database, Row, SqlValue, Statement } from '../store/database.ts';
import type { HubLog } from '../store/hub-log-api.ts';

/** What the parts of the accounts stand on. */
export interface AuthDeps {
  readonly database: Database;
  readonly hubLog: HubLog;
  readonly sealer: Sealer;
  readonly logCrypto: LogCrypto;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** So many bytes that nobody can guess. */
  readonly random: (bytes: number) => Uint8Array;
  /** A UUID. */
  readonly newId: () => string;
}

export function statement(sql: string, ...args: readonly SqlValue[]): Statement {
  return { sql, args };
}

export async function readOne(
  database: Database,
  sql: string,
  ...args: readonly SqlValue[]
): Promise<Row | undefined> {
  const [row] = await database.read({ sql, args });
  return row;
}
