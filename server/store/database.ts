/**
 * The database as a port: libSQL in a file (Node, Deno) or over HTTP (Workers). Statements come from drizzle
 * (`builder.toSQL()`) or are written out where they are hot.
 */

export type SqlValue = string | number | Uint8Array | null;

export interface Statement {
  readonly sql: string;
  readonly args: readonly SqlValue[];
}

export type Row = Readonly<Record<string, SqlValue>>;

export interface Database {
  /** Whether other processes may write to it. */
  readonly isShared: boolean;
  /** Lets the rest of the program run. */
  breathe(): Promise<void>;
  /**
   * All of it or nothing, durable when it resolves. Callers wait in one queue; what stands in the queue together is
   * committed together, and a caller's failure is its own alone.
   * @throws AppError `storage.full`; whatever else libSQL throws (a violated constraint aborts the caller's statements)
   */
  write(statements: readonly Statement[]): Promise<void>;
  /**
   * Sees everything that `write` has resolved. Small pages and indexes only: a long query stops the loop.
   * @param often the tables of what every request asks for: where no other process writes, it is answered from memory until
   *   one of them is written to
   */
  read(statement: Statement, often?: readonly string[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}
