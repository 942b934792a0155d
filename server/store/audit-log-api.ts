import type { Checkpoint, Placement } from '../../shared/log/checkpoint.ts';
import type { Entry } from '../../shared/log/entry.ts';
import type { Member } from './hub-log-api.ts';

/** An entry with what it says. */
export interface ReadEntry {
  readonly entry: Entry;
  readonly place: Placement;
  /** Null where the entry has none, and where it is not here or erased. */
  readonly body: string | null;
}

/** The log as administrators and verifiers read it. */
export interface AuditLog {
  /** The newest first; `before` is an index in the clinic's order. */
  entries(
    clinic: string,
    page: { readonly before?: number; readonly limit: number; readonly kind?: string },
  ): Promise<{ readonly entries: readonly ReadEntry[]; readonly next?: number }>;
  checkpoint(clinic: string): Promise<Checkpoint>;
  /**
   * That an entry is in the tree of the newest checkpoint.
   * @throws AppError `log.unknown-entry`
   */
  inclusion(
    clinic: string,
    h: string,
  ): Promise<{ checkpoint: Checkpoint; place: Placement; proof: string[] }>;
  /**
   * That the tree of the newest checkpoint extends the one of the first `size` entries.
   * @throws AppError `request.invalid` for a size that it has not reached
   */
  consistency(
    clinic: string,
    size: number,
  ): Promise<{ checkpoint: Checkpoint; earlier: { size: number; root: string }; proof: string[] }>;
  /**
   * The clinic's records as `export-lines.ts` says, after writing down that they were exported. It ends with an error, and
   * so without its last line, when bodies came or went meanwhile.
   */
  exportLines(member: Member): Promise<AsyncIterable<Uint8Array>>;
}
