import { utf8 } from '../../shared/kernel/bytes.ts';
import type { BlobRef } from '../../shared/log/device-store.ts';
import type { Outcome, Reading } from './reading.ts';
import { readingPlace, type RecordSealer, sealedOnce } from './record-sealer.ts';
import type { RecordsDatabase } from './records-database.ts';
import { translated } from './stored-failure.ts';

/** A file that somebody opened on this device while it was unlocked, and what has become of it here. */
export interface LocalReading {
  readonly reading: Reading;
  /** Whoever opened it: what is recorded of it is recorded for this person. */
  readonly by: string;
  /** Names its bytes among the kept files. */
  readonly file: BlobRef;
  /** The picture's, once it is known: from then on it is the image of the log under that name. */
  readonly identity?: string;
  /** The log has its image and its result. */
  readonly recorded?: boolean;
}

/** What belongs to a reading besides. */
export interface LocalParts {
  readonly outcome: Outcome;
  /** PNG. */
  readonly thumbnail: ArrayBuffer;
}

/**
 * Readings of this device, sealed; each method is one transaction. What they say of patients goes into the log, maps and
 * small pictures stay here. @throws AppError `storage.*` from each
 */
export interface LocalReadings {
  /** In no order. */
  all(): Promise<readonly LocalReading[]>;
  get(id: string): Promise<LocalReading | undefined>;
  outcome(id: string): Promise<Outcome | undefined>;
  thumbnail(id: string): Promise<ArrayBuffer | undefined>;
  /** All or nothing. */
  add(readings: readonly LocalReading[]): Promise<void>;
  /**
   * What `change` makes of it, with these parts put in their place or, where one is null, taken away. Nothing happens where the
   * reading is gone, or `change` answers undefined; it may be called again when another window came first.
   * @returns what it has become
   */
  update(
    id: string,
    change: (held: LocalReading) => LocalReading | undefined,
    parts?: { readonly outcome?: Outcome | null; readonly thumbnail?: ArrayBuffer },
  ): Promise<LocalReading | undefined>;
  remove(ids: readonly string[]): Promise<void>;
}

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const parsed = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

export function openLocalReadings(
  database: Pick<RecordsDatabase, 'readings' | 'outcomes' | 'thumbnails' | 'change'>,
  sealer: RecordSealer,
): LocalReadings {
  const { readings, outcomes, thumbnails } = database;
  const opened = sealedOnce(sealer, (bytes) => parsed(bytes) as LocalReading);
  const openReading = ({ id, sealed }: { readonly id: string; readonly sealed: ArrayBuffer }) =>
    opened(sealed, readingPlace('readings', id));

  async function openPart<Value>(
    table: typeof outcomes,
    name: 'outcomes' | 'thumbnails',
    id: string,
    read: (bytes: Uint8Array) => Value,
  ): Promise<Value | undefined> {
    const held = await translated(async () => table.get(id));
    return held && read(await sealer.open(held.sealed, readingPlace(name, id)));
  }
  const seal = async (name: 'readings' | 'outcomes' | 'thumbnails', id: string, bytes: Uint8Array) => ({
    id,
    sealed: await sealer.seal(bytes, readingPlace(name, id)),
  });

  return {
    async all() {
      const held = await translated(async () => readings.toArray());
      return Promise.all(held.map(openReading));
    },
    async get(id) {
      const held = await translated(async () => readings.get(id));
      return held && openReading(held);
    },
    outcome: (id) => openPart(outcomes, 'outcomes', id, (bytes) => parsed(bytes) as Outcome),
    thumbnail: (id) => openPart(thumbnails, 'thumbnails', id, (bytes) => bytes.slice().buffer),
    async add(added) {
      const rows = await Promise.all(added.map((one) => seal('readings', one.reading.id, json(one))));
      await translated(() => database.change(() => readings.bulkAdd(rows)));
    },
    async update(id, change, { outcome, thumbnail } = {}) {
      const newOutcome = outcome && (await seal('outcomes', id, json(outcome)));
      const newThumbnail = thumbnail && (await seal('thumbnails', id, new Uint8Array(thumbnail)));
      for (;;) {
        const held = await translated(async () => readings.get(id));
        const next = held && change(await openReading(held));
        if (held === undefined || next === undefined) return undefined;
        const row = await seal('readings', id, json(next));
        const isWritten = await translated(() =>
          database.change(async () => {
            const now = await readings.get(id);
            if (now === undefined || !isSame(now.sealed, held.sealed)) return now === undefined;
            await readings.put(row);
            if (newOutcome !== undefined && newOutcome !== null) await outcomes.put(newOutcome);
            if (outcome === null) await outcomes.delete(id);
            if (newThumbnail !== undefined) await thumbnails.put(newThumbnail);
            return true;
          }),
        );
        if (isWritten) return next;
      }
    },
    remove: (ids) =>
      translated(() =>
        database.change(async () => {
          for (const table of [readings, outcomes, thumbnails]) await table.bulkDelete([...ids]);
        }),
      ),
  };
}

/** Sealed twice, the same is never the same. */
function isSame(one: ArrayBuffer, other: ArrayBuffer): boolean {
  const a = new Uint8Array(one);
  const b = new Uint8Array(other);
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
