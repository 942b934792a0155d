import { z } from 'zod';
import { concatBytes, toHex, utf8 } from '../../kernel/bytes.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import { Checkpoint } from '../checkpoint.ts';
import { Body, Entry, SignedHead } from '../entry.ts';
import type { LogCrypto } from '../log-crypto.ts';
import { DeviceId, Hash, Millis, PublicKey, RecordId, Signature } from '../names.ts';
import { ByteQueue } from './byte-queue.ts';

// What is sealed: records, each of one byte for its type, four for its length (big-endian) and its content. In this order:
// the header, groups of entries, pictures with their pieces, the end.

export const recordTypes = {
  header: 1,
  group: 2,
  picture: 3,
  piece: 4,
  /** The maker could not read the rest of the picture. */
  broken: 5,
  end: 6,
} as const;

/** Entries of a group: as many as a push takes, or one stretch of a chain up to its head that is longer. */
export const mostInGroup = 2000;
export const pieceBytes = 1024 * 1024;
/** A group of that many entries, each with the longest body that a person's words make. */
const mostRecordBytes = 128 * 1024 * 1024;

export const BundleHeader = z.strictObject({
  clinic: RecordId,
  device: DeviceId,
  /** Whose hash is the device's id. */
  key: PublicKey,
  /** By the maker's clock. */
  madeAt: Millis,
  content: z.enum(['outbox', 'all']),
  /** What the maker knows of the hub's tree: a hub that was restored from a copy learns it from this. */
  witness: Checkpoint.nullable(),
});
export type BundleHeader = z.infer<typeof BundleHeader>;

/** Every entry is covered by one of the heads; what stands before the first of a chain is in an earlier group or at the hub. */
export const BundleGroup = z.strictObject({
  entries: z
    .array(
      z.strictObject({
        entry: Entry,
        /** Where the maker has seen it in the hub's order, in the epoch of the witness. */
        index: z.int().nonnegative().optional(),
      }),
    )
    .max(mostInGroup),
  heads: z.array(SignedHead).max(mostInGroup),
  bodies: z.array(Body).max(mostInGroup),
});
export type BundleGroup = z.infer<typeof BundleGroup>;

export const BundlePicture = z.strictObject({
  sha256: Hash,
  bytes: z
    .int()
    .positive()
    .max(1024 * 1024 * 1024),
  type: z.string().max(100),
});

export const BundleEnd = z.strictObject({
  entries: z.int().nonnegative(),
  pictures: z.int().nonnegative(),
  /** The maker's, over `bundleMessage`. */
  sig: Signature,
});

export function encodeRecord(type: number, content: Uint8Array): Uint8Array {
  if (content.length > mostRecordBytes) throw new TypeError(`a record of ${content.length} bytes`);
  const head = new Uint8Array(5);
  head[0] = type;
  new DataView(head.buffer).setUint32(1, content.length);
  return concatBytes(head, content);
}

export interface BundleRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

export function badBundle(why: string): AppError {
  return new AppError('bundle.altered', why);
}

export async function* readRecords(plain: AsyncIterable<Uint8Array>): AsyncGenerator<BundleRecord> {
  const queue = new ByteQueue();
  for await (const bytes of plain) {
    queue.push(bytes);
    while (queue.length >= 5) {
      const head = queue.peek(5);
      const length = new DataView(head.buffer, head.byteOffset).getUint32(1);
      if (length > mostRecordBytes) throw badBundle(`a record of ${length} bytes`);
      if (queue.length < 5 + length) break;
      const record = queue.take(5 + length);
      yield { type: record[0]!, content: record.subarray(5) };
    }
  }
  if (queue.length > 0) throw badBundle('a record without its end');
}

/** The digest of a bundle up to and with one more record; it begins with that of the line in clear. */
export function digestWith(
  digest: Uint8Array,
  { type, content }: BundleRecord,
  crypto: Pick<LogCrypto, 'sha256'>,
): Uint8Array {
  return crypto.sha256(concatBytes(digest, Uint8Array.of(type), crypto.sha256(content)));
}

/** What the maker signs: all records before the last one, and the counts in that. */
export function bundleMessage(
  { clinic, device }: Pick<BundleHeader, 'clinic' | 'device'>,
  digest: Uint8Array,
  counts: { readonly entries: number; readonly pictures: number },
): Uint8Array {
  const { entries, pictures } = counts;
  return utf8(`bundle:1\n${canonicalJson({ clinic, device, digest: toHex(digest), entries, pictures })}`);
}
