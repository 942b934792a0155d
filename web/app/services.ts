import type { Explanation } from '../../shared/api/explanation.ts';
import type { ExplanationRequest } from '../../shared/inference/explain-image.ts';
import type { IncomingFile } from '../data/incoming-file.ts';
import type { Outcome, Reading } from '../data/reading.ts';
import type { ArchiveClient } from '../engine/archive-client.ts';
import type { EngineState, Preference, ProblemText } from '../engine/engine-state.ts';
import type { Observable } from '../engine/observable.ts';
import type { LedgerKeeper } from '../engine/ledger-keeper.ts';
import type { FileClient } from '../engine/file-client.ts';
import type { PictureClient } from '../engine/picture-client.ts';
import type { RecordsClient } from '../engine/records-client.ts';
import type { EarlierReadings } from './earlier-readings.ts';
import type { AppUpdates } from '../pwa/app-updates.ts';
import type { InstallPrompt } from '../pwa/install-prompt.ts';
import type { StorageFacts } from '../pwa/storage-facts.ts';

/** What the screens ask for; `create-services.ts` puts it together. */
export interface Services {
  readonly engine: EngineControl;
  readonly readings: Readings;
  readonly earlier: EarlierReadings;
  readonly records: RecordsClient;
  readonly ledger: LedgerKeeper;
  readonly pictures: Pick<PictureClient, 'open' | 'phantom'>;
  readonly archives: ArchiveClient;
  readonly fileContents: FileContents;
  readonly updates: AppUpdates;
  readonly storage: DeviceStorage;
  readonly install: InstallPrompt;
  readonly diagnostics: { text(): Promise<string> };
}

/** What a file says, and what of it may leave. */
export interface FileContents extends FileClient {
  /** The key of this device for pseudonyms. @throws AppError `storage.unavailable` */
  key(): Promise<ArrayBuffer>;
}

export interface EngineControl extends Observable<EngineState> {
  retry(): void;
  testAgain(): Promise<void>;
  preference(): Preference;
  setPreference(preference: Preference): Promise<void>;
}

export interface FoundReading {
  readonly reading: Reading;
  readonly outcome?: Outcome | undefined;
  /** False when the device had no room: it is lost when the page is closed. */
  readonly kept: boolean;
}

/** Files that have become readings, and those that could not be opened and say so in the list. */
export interface AddedCount {
  readonly added: number;
  readonly failed: number;
}

export interface Readings {
  /** A hook. Newest first; undefined while it is loading. */
  useList(): readonly Reading[] | undefined;
  /** A hook. Undefined while it is loading, null when there is none. */
  useReading(id: string): FoundReading | null | undefined;
  /** A hook, for what is in sight only. PNG; undefined when there is none, or none yet. */
  useThumbnail(id: string): ArrayBuffer | undefined;
  /** The file as it was chosen. The buffer belongs to the caller. */
  file(id: string): Promise<ArrayBuffer | undefined>;
  /**
   * One after the other, so that one file at a time is in memory; `onAdded` is told how many are there.
   * @throws AppError `storage.reserve` for the rest, when there is no room for more
   */
  add(files: readonly IncomingFile[], onAdded?: (count: number) => void): Promise<AddedCount>;
  remove(id: string): Promise<void>;
  readAgain(id: string): Promise<void>;
  /**
   * Explains a result and keeps the explanation with it, if there is room; then `useReading` has it, too.
   * @throws AppError as `AnalysisEngine.explain`; the signal's reason
   */
  explain(id: string, request: ExplanationRequest, signal: AbortSignal): Promise<Explanation>;
  /** Somebody looked at a record, or took it out of the device; nothing for what is none. @throws AppError as `append` */
  noteUse(id: string, use: 'opened' | 'exported'): Promise<void>;
  readonly storageProblem: Observable<ProblemText | undefined>;
}

export interface DeviceStorage {
  readStorageFacts(): Promise<StorageFacts>;
  /** Whether the browser promises it now. */
  askToPersist(): Promise<boolean>;
}
