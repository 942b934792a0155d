import { AppError } from '../../shared/kernel/errors.ts';
import type { Sha256 } from '../../shared/kernel/hash.ts';
import type { Parcel, ParcelChunk } from '../engine/parcels.ts';
import type { ChunkStore } from './chunk-store.ts';

/** What fetching needs from outside. */
export interface ParcelSource {
  readonly store: ChunkStore;
  readonly sha256: Sha256;
  /**
   * One chunk from the hub, past every cache.
   * @throws AppError `network.unreachable` when it may work later, `page.outdated` when the hub has it no more
   */
  readonly fetchChunk: (sha256: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Runs `work` while no other tab or worker fetches the same chunk. */
  readonly exclusively: <Result>(sha256: string, work: () => Promise<Result>) => Promise<Result>;
  /** Resolves when it is worth trying the network again. */
  readonly untilWorthTrying: (failures: number) => Promise<void>;
}

export interface ParcelEvents {
  /** Bytes of this parcel that are there and verified. */
  loaded(bytes: number): void;
  /** The hub does not answer, or does again. */
  waiting(isWaiting: boolean): void;
}

export interface FetchedParcel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** False when a chunk could not be kept: the next start has to fetch it again. */
  readonly kept: boolean;
}

const attemptsAtDamaged = 3;

/**
 * The whole file, each chunk verified: from the store where it is there and sound, else from the hub, and then kept.
 * Stops nowhere for good while the hub is away; what has arrived is not fetched twice.
 * @throws AppError `model.hash-mismatch` when what arrives stays damaged, `page.outdated`
 */
export async function fetchParcel(
  parcel: Parcel,
  source: ParcelSource,
  events: ParcelEvents,
): Promise<FetchedParcel> {
  const bytes = new Uint8Array(parcel.bytes);
  let kept = true;
  let offset = 0;
  for (const chunk of parcel.chunks) {
    const found = (await fromStore(chunk, source)) ?? (await fromHub(parcel, chunk, source, events));
    bytes.set(found.bytes, offset);
    // A full device costs the next start a download, never this reading, and never a person's data.
    kept &&= found.kept;
    offset += chunk.bytes;
    events.loaded(offset);
  }
  if ((await source.sha256(bytes)) !== parcel.sha256) {
    throw new AppError('model.hash-mismatch', `${parcel.name}: the parts do not make the whole`);
  }
  return { bytes, kept };
}

async function isSound(chunk: ParcelChunk, bytes: Uint8Array, sha256: Sha256): Promise<boolean> {
  return bytes.length === chunk.bytes && (await sha256(bytes)) === chunk.sha256;
}

async function fromStore(
  chunk: ParcelChunk,
  { store, sha256 }: ParcelSource,
): Promise<FetchedParcel | undefined> {
  const bytes = await store.get(chunk.sha256);
  if (bytes === undefined) return undefined;
  if (await isSound(chunk, bytes, sha256)) return { bytes, kept: true };
  await store.remove(chunk.sha256);
  return undefined;
}

/** One try. Undefined when what arrived was damaged. Another tab may have been faster. */
function fetchOnce(chunk: ParcelChunk, source: ParcelSource): Promise<FetchedParcel | undefined> {
  return source.exclusively(chunk.sha256, async () => {
    const stored = await fromStore(chunk, source);
    if (stored !== undefined) return stored;
    const bytes = await source.fetchChunk(chunk.sha256);
    if (!(await isSound(chunk, bytes, source.sha256))) return undefined;
    return { bytes, kept: await keep(chunk, bytes, source) };
  });
}

async function fromHub(
  parcel: Parcel,
  chunk: ParcelChunk,
  source: ParcelSource,
  events: ParcelEvents,
): Promise<FetchedParcel> {
  let unreachable = 0;
  let damaged = 0;
  for (;;) {
    try {
      const fetched = await fetchOnce(chunk, source);
      if (unreachable > 0) events.waiting(false);
      unreachable = 0;
      if (fetched !== undefined) return fetched;
      damaged += 1;
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code !== 'network.unreachable') throw cause;
      unreachable += 1;
      events.waiting(true);
      // Outside the lock: nobody has to wait for one who waits.
      await source.untilWorthTrying(unreachable);
    }
    if (damaged === attemptsAtDamaged) {
      throw new AppError(
        'model.hash-mismatch',
        `${parcel.name}: a part arrived damaged ${attemptsAtDamaged} times`,
      );
    }
  }
}

async function keep(
  chunk: ParcelChunk,
  bytes: Uint8Array<ArrayBuffer>,
  source: ParcelSource,
): Promise<boolean> {
  try {
    await source.store.put(chunk.sha256, bytes);
    return true;
  } catch {
    return false;
  }
}
