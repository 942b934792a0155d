import type { Preference, RuntimeChoice } from './engine-state.ts';

/** What was chosen on this device, and for which circumstances it holds. */
export interface StoredRuntimes {
  readonly preference: Preference;
  /** Browser, page and isolation: when one changes, everything is tried again. */
  readonly circumstances: string;
  /** Empty when nothing has been measured yet. */
  readonly choices: readonly RuntimeChoice[];
}

/** Neither ever throws: without a store the device is measured again at each start. */
export interface RuntimeStore {
  read(): Promise<StoredRuntimes | undefined>;
  write(stored: StoredRuntimes): Promise<void>;
}
