import type { ModelStatus, ReadJob, ReadReply } from './pool-api.ts';

/** Messages between the pool and a child, sent with structured clone ("advanced" serialization). */

export interface JobMessage {
  readonly id: number;
  readonly job: ReadJob;
}

/** An error on its way through a process boundary: the class is lost, the code is not. */
export interface SentError {
  readonly code: string;
  readonly message: string;
}

export type ChildMessage =
  | { readonly kind: 'ready'; readonly models: readonly ModelStatus[] }
  | { readonly kind: 'failed-to-start'; readonly error: SentError }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: ReadReply; readonly rssBytes: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: SentError; readonly rssBytes: number };
