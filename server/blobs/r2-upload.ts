import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { concatBytes, utf8 } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { sealedPieceBytes } from '../keys/sealer-api.ts';
import { type BlobHead, piecePlace } from './blob-file.ts';
import { type Bucket, getBytes, listAll } from './bucket.ts';

// In an object store nothing can be appended to, so each append is an object of its own, sealed and named for its offset:
// parts/CLINIC/FILE/OFFSET. A file is its head and the sealed list of the lengths of its parts.

export interface R2Upload {
  /** The key of its head. */
  readonly key: string;
  readonly head: BlobHead;
  readonly headBytes: Uint8Array;
  readonly parts: string;
  readonly size: number;
  /** Over the first `offset` bytes. */
  readonly hash: Hash;
  readonly lengths: number[];
  offset: number;
}

/** Digits enough for every safe integer, so that the order of the names is that of the offsets. */
const digits = 16;

export const partKey = (parts: string, offset: number): string =>
  `${parts}${String(offset).padStart(digits, '0')}`;

export const partsPrefix = (clinicName: string, { place }: BlobHead): string =>
  `parts/${clinicName}/${place.split('\n')[1]}/`;

/** Undefined when the part is missing, altered or has another length. */
export async function readPart(
  bucket: Bucket,
  { key, place }: BlobHead,
  parts: string,
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  const sealed = await getBytes(bucket, partKey(parts, offset));
  if (sealed?.length !== length + sealedPieceBytes) return undefined;
  try {
    return key.open(sealed, piecePlace(place, offset));
  } catch {
    return undefined;
  }
}

export function newUpload(key: string, clinicName: string, head: BlobHead, headBytes: Uint8Array): R2Upload {
  const parts = partsPrefix(clinicName, head);
  const { size } = head.description;
  return { key, head, headBytes, parts, size, hash: createHash('sha256'), lengths: [], offset: 0 };
}

/** Takes in what other isolates have appended since. */
export async function catchUp(bucket: Bucket, upload: R2Upload): Promise<void> {
  const { head, parts, size } = upload;
  const last = upload.offset === 0 ? undefined : partKey(parts, upload.offset - (upload.lengths.at(-1) ?? 0));
  for await (const object of listAll(bucket, parts, last)) {
    const length = object.size - sealedPieceBytes;
    if (object.key !== partKey(parts, upload.offset) || upload.offset + length > size) return;
    const part = await readPart(bucket, head, parts, upload.offset, length);
    if (part === undefined) throw new AppError('blob.damaged', 'a part of an upload was altered');
    upload.hash.update(part);
    upload.lengths.push(length);
    upload.offset += length;
  }
}

/** @throws AppError `blob.offset-mismatch` when another isolate was first */
export async function putPart(bucket: Bucket, upload: R2Upload, bytes: Uint8Array): Promise<void> {
  const { head, parts, offset } = upload;
  const sealed = head.key.seal(bytes, piecePlace(head.place, offset));
  const written = await bucket.put(partKey(parts, offset), sealed, { onlyIf: { etagDoesNotMatch: '*' } });
  if (written === null) throw new AppError('blob.offset-mismatch', 'these bytes have come by another way');
  upload.hash.update(bytes);
  upload.lengths.push(bytes.length);
  upload.offset += bytes.length;
}

const Lengths = z.array(z.int().positive());
const listPlace = ({ place }: BlobHead): string => `${place}\nparts`;

/** The object that stands for a complete file. */
export function storedObject({ head, headBytes, lengths }: R2Upload): Uint8Array {
  return concatBytes(headBytes, head.key.seal(utf8(JSON.stringify(lengths)), listPlace(head)));
}

/** @throws AppError `blob.damaged` */
export function partLengths(head: BlobHead, object: Uint8Array): readonly number[] {
  try {
    const text = Buffer.from(head.key.open(object.subarray(head.length), listPlace(head))).toString('utf8');
    return Lengths.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('blob.damaged', 'the list of a stored file’s parts was altered', { cause });
  }
}
