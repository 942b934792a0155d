import { Dexie } from 'dexie';
import type { BlobSink, BlobSource } from '../../shared/log/blob-hub.ts';
import type { BlobRef } from '../../shared/log/device-store.ts';
import { concatBytes } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { piecePlace, type RecordSealer } from './record-sealer.ts';
import type { RecordsDatabase } from './records-database.ts';
import { translated } from './stored-failure.ts';

/** A larger one would have to be opened whole for each part that is read. */
const pieceBytes = 1024 * 1024;

/** Pictures as they were given, in sealed pieces. */
export interface KeptFiles {
  /** Before an entry speaks of it; on the disk when it resolves. Kept twice it is there once. @throws AppError `storage.*` */
  keep(sha256: string, bytes: Uint8Array): Promise<void>;
  /** To be read piece by piece. @throws AppError `storage.sealed`, `storage.damaged` where a piece is not what was kept */
  source(file: BlobRef): BlobSource;
  /** Whether all of it is here. */
  has(file: BlobRef): Promise<boolean>;
  /** For one that comes from the hub. */
  sink(sha256: string): BlobSink;
  remove(sha256s: readonly string[]): Promise<void>;
  /** Also of those that are not whole. */
  names(): Promise<readonly string[]>;
}

export function openKeptFiles({ pieces }: Pick<RecordsDatabase, 'pieces'>, sealer: RecordSealer): KeptFiles {
  const ofFile = (sha256: string) =>
    pieces.where('[sha256+index]').between([sha256, Dexie.minKey], [sha256, Dexie.maxKey]);

  async function piece(sha256: string, index: number): Promise<Uint8Array> {
    const held = await translated(async () => pieces.get([sha256, index]));
    if (held === undefined) throw new AppError('storage.damaged', `piece ${index} of ${sha256} is missing`);
    return sealer.open(held.sealed, piecePlace(sha256, index));
  }

  async function put(sha256: string, index: number, part: Uint8Array): Promise<void> {
    const sealed = await sealer.seal(part, piecePlace(sha256, index));
    await translated(async () => pieces.put({ sha256, index, sealed }));
  }

  async function held(sha256: string): Promise<number> {
    const count = await translated(async () => ofFile(sha256).count());
    return count === 0 ? 0 : (count - 1) * pieceBytes + (await piece(sha256, count - 1)).length;
  }

  async function read(sha256: string, from: number, to: number): Promise<Uint8Array> {
    const whole = new Uint8Array(Math.max(0, to - from));
    for (let at = from; at < to;) {
      const index = Math.floor(at / pieceBytes);
      const start = index * pieceBytes;
      const part = (await piece(sha256, index)).subarray(at - start, to - start);
      if (part.length === 0)
        throw new AppError('storage.damaged', `piece ${index} of ${sha256} is too short`);
      whole.set(part, at - from);
      at += part.length;
    }
    return whole;
  }

  return {
    async keep(sha256, bytes) {
      for (let index = 0; index === 0 || index * pieceBytes < bytes.length; index++) {
        await put(sha256, index, bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes));
      }
    },
    source: ({ sha256, bytes: size, type }) => ({
      sha256,
      size,
      type,
      bytes: (from, to) => read(sha256, from, Math.min(to, size)),
    }),
    has: async ({ sha256, bytes }) => {
      // A piece that cannot be opened is none: the hub may have it.
      const count = await held(sha256).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'storage.sealed') return undefined;
        throw error;
      });
      return count === bytes && (bytes > 0 || (await translated(async () => ofFile(sha256).count())) > 0);
    },
    sink: (sha256) => ({
      held: () => held(sha256),
      bytes: (from, to) => read(sha256, from, to),
      async append(bytes) {
        const before = await held(sha256);
        const first = Math.floor(before / pieceBytes);
        const begun = before === first * pieceBytes ? new Uint8Array() : await piece(sha256, first);
        const all = concatBytes(begun, bytes);
        for (let at = 0; at < all.length; at += pieceBytes) {
          await put(sha256, first + at / pieceBytes, all.subarray(at, at + pieceBytes));
        }
      },
      // Each piece is sealed for its place, so that a file is whole as soon as its last one is there.
      finish: async () => undefined,
      discard: () => translated(async () => void (await ofFile(sha256).delete())),
    }),
    remove: (sha256s) =>
      translated(async () => {
        for (const sha256 of sha256s) await ofFile(sha256).delete();
      }),
    async names() {
      const keys = await translated(async () => pieces.toCollection().primaryKeys());
      return [...new Set(keys.map(([sha256]) => sha256))];
    },
  };
}
