import { createHash, type Hash } from 'node:crypto';
import { concatBytes } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { DataKeys } from '../keys/sealer-api.ts';
import { sealedPieceBytes } from '../keys/sealer-api.ts';
import { type BlobHead, mostHeadBytes, pieceBytes, piecePlace, readHead, sealedPiece } from './blob-file.ts';
import type { BlobFiles } from './disk-files.ts';
import { mostTailBytes, readTail, tailFrame } from './upload-tail.ts';

/**
 * A file that is arriving: whole pieces in the file that it will become, the beginning of the next piece in a tail beside it.
 * The state in memory says what the disk says; after any failure it is thrown away and read from the disk again.
 */
export interface DiskUpload {
  readonly head: BlobHead;
  readonly path: string;
  /** Over the first `offset` bytes. */
  readonly hash: Hash;
  readonly size: number;
  offset: number;
  /** Where the next frame of the tail goes. */
  tailEnd: number;
}

export const tailOf = (path: string): string => `${path}.tail`;

export async function readHeadOf(
  files: BlobFiles,
  path: string,
  keys: DataKeys,
): Promise<BlobHead | undefined> {
  const bytes = await files.read(path, 0, mostHeadBytes);
  return bytes === undefined ? undefined : readHead(bytes, keys);
}

export function sizeOfPiece(size: number, index: number): number {
  return Math.min(pieceBytes, size - index * pieceBytes);
}

/** Undefined when the piece is cut off or altered. */
export async function readPiece(
  files: BlobFiles,
  path: string,
  { key, place, length, description: { size } }: BlobHead,
  index: number,
): Promise<Uint8Array | undefined> {
  const wanted = sizeOfPiece(size, index) + sealedPieceBytes;
  const sealed = await files.read(path, length + index * sealedPiece, wanted);
  if (sealed === undefined || sealed.length < wanted) return undefined;
  try {
    return key.open(sealed, piecePlace(place, index));
  } catch {
    return undefined;
  }
}

/** Goes through all that the disk holds, proves it and hashes it: so the hash needs no place of its own. */
export async function recoverUpload(
  files: BlobFiles,
  path: string,
  keys: DataKeys,
): Promise<DiskUpload | undefined> {
  const head = await readHeadOf(files, path, keys);
  if (head === undefined) return undefined;
  const { size } = head.description;
  const upload: DiskUpload = { head, path, size, hash: createHash('sha256'), offset: 0, tailEnd: 0 };
  for (let index = 0; upload.offset < size; index++) {
    const piece = await readPiece(files, path, head, index);
    if (piece === undefined) break;
    upload.hash.update(piece);
    upload.offset += piece.length;
  }
  const tail = await files.read(tailOf(path), 0, mostTailBytes);
  if (tail !== undefined && upload.offset < size) {
    const { bytes, end } = readTail(head.key, head.place, upload.offset, tail);
    upload.hash.update(bytes);
    upload.offset += bytes.length;
    upload.tailEnd = end;
  }
  return upload;
}

async function withTail(
  files: BlobFiles,
  upload: DiskUpload,
  start: number,
  rest: Uint8Array,
): Promise<Uint8Array> {
  const { head, path, offset, tailEnd } = upload;
  const file = await files.read(tailOf(path), 0, tailEnd);
  const tail = file && readTail(head.key, head.place, start, file);
  if (tail?.bytes.length !== offset - start) {
    throw new AppError('blob.damaged', 'the beginning of a piece cannot be read again');
  }
  return concatBytes(tail.bytes, rest);
}

/**
 * All of `bytes`, durably, at the upload's offset. When it throws, the state in memory must not be used again.
 * @throws AppError `storage.full`
 */
export async function appendTo(files: BlobFiles, upload: DiskUpload, bytes: Uint8Array): Promise<void> {
  const { head, path, size } = upload;
  for (let rest = bytes; rest.length > 0;) {
    const index = Math.floor(upload.offset / pieceBytes);
    const start = index * pieceBytes;
    const end = start + sizeOfPiece(size, index);
    const part = rest.subarray(0, end - upload.offset);
    if (upload.offset + part.length === end) {
      const piece = upload.offset === start ? part : await withTail(files, upload, start, part);
      const sealed = head.key.seal(piece, piecePlace(head.place, index));
      await files.append(path, head.length + index * sealedPiece, sealed);
      upload.tailEnd = 0;
    } else {
      const frame = tailFrame(head.key, head.place, upload.offset, part);
      if (upload.tailEnd === 0) await files.create(tailOf(path), frame);
      else await files.append(tailOf(path), upload.tailEnd, frame);
      upload.tailEnd += frame.length;
    }
    upload.hash.update(part);
    upload.offset += part.length;
    rest = rest.subarray(part.length);
  }
}
