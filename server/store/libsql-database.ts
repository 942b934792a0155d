import type { InStatement } from '@libsql/client/web';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { Database, Row, SqlValue, Statement } from './database.ts';
import { createGroupCommit } from './group-commit.ts';
import { createKeptRows } from './kept-rows.ts';

/** What is used of a libSQL client: no `transaction()`, which wedges a file when two overlap and which Workers lack. */
export interface LibsqlClient {
  execute(statement: InStatement): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
  batch(statements: InStatement[], mode: 'write'): Promise<unknown>;
  close(): void;
}

const inStatement = ({ sql, args }: Statement): InStatement => ({ sql, args: [...args] });

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

/** A full disk and a locked file by their names; anything else as it came. */
export function translated(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new AppError('storage.full', describeThrown(error), { cause: error });
  }
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') {
    return new AppError('storage.in-use', describeThrown(error), { cause: error });
  }
  return error;
}

/** libSQL hands out an ArrayBuffer for a BLOB. */
function plainRow(row: Record<string, unknown>): Row {
  const plain: Record<string, SqlValue> = {};
  for (const [name, value] of Object.entries(row)) {
    plain[name] = value instanceof ArrayBuffer ? new Uint8Array(value) : (value as SqlValue);
  }
  return plain;
}

export interface LibsqlOptions {
  readonly writer: LibsqlClient;
  /** May be the writer itself. */
  readonly reader: LibsqlClient;
  readonly breathe: () => Promise<void>;
  /** Whether other processes may write to the database. */
  readonly isShared: boolean;
  /** Called last. */
  readonly onClose?: () => Promise<void>;
}

/** The port over libSQL: one queue in front of one writer. */
export function createLibsqlDatabase({
  writer,
  reader,
  breathe,
  isShared,
  onClose,
}: LibsqlOptions): Database {
  const group = createGroupCommit({
    async commit(statements) {
      try {
        await writer.batch(statements.map(inStatement), 'write');
      } catch (error) {
        throw translated(error);
      }
    },
    // A reply that was lost on the network says nothing about the commit.
    isCertain: (error) => codeOf(error).startsWith('SQLITE_'),
    breathe,
  });
  async function ask(statement: Statement): Promise<readonly Row[]> {
    try {
      const { rows } = await reader.execute(inStatement(statement));
      return rows.map(plainRow);
    } catch (error) {
      throw translated(error);
    }
  }
  const kept = createKeptRows();
  return {
    isShared,
    breathe,
    async write(statements) {
      if (statements.length > 0) await kept.writing(statements, () => group.write(statements));
    },
    read(statement, often) {
      const isKept = often !== undefined && !isShared;
      return isKept ? kept.read(statement, often, () => ask(statement)) : ask(statement);
    },
    async close() {
      await group.close();
      writer.close();
      if (reader !== writer) reader.close();
      await onClose?.();
    },
  };
}
