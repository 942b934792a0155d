import type { BlobRef, DeviceStore } from '../../shared/log/device-store.ts';
import type { ShortRows } from '../data/short-rows.ts';
import type { RecordingParts } from './record-readings.ts';

/** What the X-rays of an unlocked device rest on. */
export interface DeskParts extends Omit<RecordingParts, 'store'> {
  readonly store: DeviceStore;
  readonly shorts: ShortRows;
  readonly device: string;
  readonly person: () => Promise<{ readonly id: string; readonly role: 'user' | 'doctor' | 'admin' }>;
  /** Brings a file from the hub. @throws AppError why it did not come */
  readonly fetchFile: (file: BlobRef) => Promise<void>;
  /** Runs `work` while no other window does the same, or, under `files`, keeps or drops any. Not one within the other. */
  readonly alone: (what: 'record' | 'files', work: () => Promise<void>) => Promise<void>;
  /** Something that lists show has changed. */
  readonly changed: () => void;
}
