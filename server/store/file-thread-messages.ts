import type { InStatement } from '@libsql/client/web';

/** What the caller's thread and the thread of the file say to each other; answers come in the order of the calls. */

export interface FileCall {
  readonly client: 'writer' | 'reader';
  /** One to execute, or a batch that is committed as one. */
  readonly run: InStatement | readonly InStatement[];
}

export type SentRows = readonly Readonly<Record<string, unknown>>[];

export type FileAnswer =
  /** Those of a single statement; a batch has none. */
  { readonly rows: SentRows } | { readonly failed: { readonly message: string; readonly code: unknown } };
