import type { Explanation } from '../../shared/api/explanation.ts';
import type { Outcome, Reading } from './reading.ts';

export interface NewReading {
  readonly reading: Reading;
  readonly file: ArrayBuffer;
}

/** Where readings are kept. Two implementations: on the device, and in memory for what the device has no room for. */
export interface ReadingStore {
  /** Newest first. */
  list(): Promise<readonly Reading[]>;
  get(id: string): Promise<{ readonly reading: Reading; readonly outcome?: Outcome } | undefined>;
  file(id: string): Promise<ArrayBuffer | undefined>;
  thumbnail(id: string): Promise<ArrayBuffer | undefined>;
  /** All or nothing. @throws AppError `storage.full`, `storage.unavailable`; then nothing of it has been kept */
  add(batch: readonly NewReading[]): Promise<void>;
  /**
   * The newest that is waiting, because who has just been X-rayed is still there; it becomes `reading`. One that another page
   * left behind in `reading` is waiting, too: only one page takes at a time. `except`: these are not taken.
   */
  takeNext(except: ReadonlySet<string>): Promise<Reading | undefined>;
  /** Nothing happens when the reading has been deleted meanwhile. @throws AppError `storage.*` */
  finish(id: string, outcome: Outcome): Promise<void>;
  /**
   * Kept with the result that it explains, one for each method: that of a finding, or with `lungs` that of the lungs. Nothing
   * happens when there is no such result any more. @throws AppError `storage.*`
   */
  keepExplanation(id: string, of: string, explanation: Explanation): Promise<void>;
  keepThumbnail(id: string, png: ArrayBuffer): Promise<void>;
  /** Back to the line, as if new: its explanations go with its result. */
  readAgain(id: string): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}
