import type { SyncNote } from '../engine/records-api.ts';
import type { VaultKeys } from '../vault/vault-keys.ts';

/**
 * What the windows of one browser tell each other. Keys can be used by whoever gets them, and taken out by nobody;
 * `locks` says how often it had been locked when they were made: keys from before the last time are not taken.
 */
export type WindowMessage =
  /** A window has begun: is another one open? */
  | { readonly kind: 'begun' }
  /** Somebody has unlocked, or signed in. */
  | { readonly kind: 'opened'; readonly keys: VaultKeys; readonly locks: number }
  /** For one that has begun. */
  | { readonly kind: 'is-open'; readonly keys: VaultKeys; readonly locks: number }
  | { readonly kind: 'locked' }
  | { readonly kind: 'touched' }
  /** Something was written. */
  | { readonly kind: 'written' }
  /** What is listed has changed, and none of it goes to the hub. */
  | { readonly kind: 'changed' }
  /** Somebody wants it synced now. */
  | { readonly kind: 'wanted' }
  | { readonly kind: 'synced'; readonly note: SyncNote };

/** To all others, not to oneself; nobody may be there. */
export interface Windows {
  tell(message: WindowMessage): void;
  onMessage(take: (message: WindowMessage) => void): void;
}

/** Runs `work` while no other window runs another under this name. Aborted while it waits, it throws the signal's reason. */
export type Exclusively = <Result>(
  name: string,
  work: () => Promise<Result>,
  signal?: AbortSignal,
) => Promise<Result>;

export const locks = {
  append: 'fieldray-append',
  record: 'fieldray-record',
  files: 'fieldray-files',
  fetchFile: 'fieldray-fetch',
  sync: 'fieldray-sync',
  refresh: 'fieldray-refresh',
  signIn: 'fieldray-sign-in',
} as const;
