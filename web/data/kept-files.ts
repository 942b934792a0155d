import type { BlobSource } from '../../shared/log/blob-hub.ts';
import type { BlobRef } from '../../shared/log/device-store.ts';
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
  /** Whether all of it was kept. */
  has(file: Pick<BlobRef, 'sha256' | 'bytes'>): Promise<boolean>;
  /** To be read piece by piece. @throws AppError `storage.sealed`, `storage.damaged` where a piece is not what was kept */
  source(file: BlobRef): BlobSource;
}

export function openKeptFiles({ pieces }: Pick<RecordsDatabase, 'pieces'>, sealer: RecordSealer): KeptFiles {
  async function piece(sha256: string, index: number): Promise<Uint8Array> {
    const held = await translated(async () => pieces.get([sha256, index]));
    if (held === undefined) throw new AppError('storage.damaged', `piece ${index} of ${sha256} is missing`);
    return sealer.open(held.sealed, piecePlace(sha256, index));
  }

  return {
    async keep(sha256, bytes) {
      for (let index = 0; index === 0 || index * pieceBytes < bytes.length; index++) {
        const part = bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes);
        const sealed = await sealer.seal(part, piecePlace(sha256, index));
        await translated(async () => pieces.put({ sha256, index, sealed }));
      }
    },
    async has({ sha256, bytes }) {
      // They are kept in their order.
      const last = Math.max(0, Math.ceil(bytes / pieceBytes) - 1);
      return (
        (await translated(async () => pieces.where('[sha256+index]').equals([sha256, last]).count())) > 0
      );
    },
    source: ({ sha256, bytes: size, type }) => ({
      sha256,
      size,
      type,
      async bytes(from, to) {
        const end = Math.min(to, size);
        const whole = new Uint8Array(Math.max(0, end - from));
        for (let at = from; at < end;) {
          const index = Math.floor(at / pieceBytes);
          const part = (await piece(sha256, index)).subarray(
            at - index * pieceBytes,
            end - index * pieceBytes,
          );
          if (part.length === 0)
            throw new AppError('storage.damaged', `piece ${index} of ${sha256} is too short`);
          whole.set(part, at - from);
          at += part.length;
        }
        return whole;
      },
    }),
  };
}
