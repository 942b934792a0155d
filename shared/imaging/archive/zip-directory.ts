// The central directory of a ZIP file (PKWARE APPNOTE 6.3.10, 4.3.12 and 4.3.16). Only what a folder of pictures needs:
// stored and deflated entries in one file. All budgets are held against what the directory states, before anything is
// inflated; that an entry is what was stated is checked when it is read. Names are for people and never open a file.

import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { entryName } from './entry-name.ts';

export interface ZipEntry {
  /** Parts separated by `/`, without `..`, drive letters and control characters. */
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Of the local header. */
  readonly offset: number;
  /** Why it will not be read. */
  readonly problem?: ErrorCode;
}

const maxEntries = 20_000;
const maxDirectoryBytes = 16 * 2 ** 20;
/** Of one picture, inflated: as much as a single file may have. */
const maxEntryBytes = 256 * 2 ** 20;
/** Of everything together, inflated. */
const maxTotalBytes = 64 * 2 ** 30;
/** Deflate reaches 1,032; a picture with any content stays far below. Small entries may be empty pictures. */
const maxRatio = 200;
const ratioCountsFrom = 4 * 2 ** 20;

const endBytes = 22;
const maxCommentBytes = 0xffff;
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localHeaderBytes = 30;

/**
 * The entries that are files, in the order of the directory.
 * @throws AppError `image.archive-damaged`, `image.archive-unsupported`, `image.archive-too-large`
 */
export async function readZipDirectory(source: ByteSource): Promise<readonly ZipEntry[]> {
  const { entries, directoryBytes, directoryOffset } = await readEnd(source);
  if (entries > maxEntries || directoryBytes > maxDirectoryBytes) {
    throw new AppError('image.archive-too-large', `${entries} entries`);
  }
  const directory = await source.read(directoryOffset, directoryBytes);
  if (directory.length < directoryBytes) throw damaged('the directory is cut');
  const found = readEntries(directory, entries);
  refuseOverlaps(found, directoryOffset);
  const total = found.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > maxTotalBytes) throw new AppError('image.archive-too-large', `${total} bytes`);
  return found.filter(({ name }) => name !== '');
}

const damaged = (what: string): AppError => new AppError('image.archive-damaged', what);

async function readEnd(source: ByteSource) {
  const length = Math.min(source.size, endBytes + maxCommentBytes);
  const tail = await source.read(source.size - length, length);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - endBytes; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== endSignature) continue;
    // The signature may occur in a comment; the real one's comment ends with the file.
    if (at + endBytes + view.getUint16(at + 20, true) !== tail.length) continue;
    const [disk, firstDisk, onDisk, entries] = [4, 6, 8, 10].map((offset) =>
      view.getUint16(at + offset, true),
    );
    const directoryBytes = view.getUint32(at + 12, true);
    const directoryOffset = view.getUint32(at + 16, true);
    if (entries === 0xffff || directoryOffset === 0xffffffff || directoryBytes === 0xffffffff) {
      throw new AppError('image.archive-unsupported', 'ZIP64');
    }
    if (disk !== 0 || firstDisk !== 0 || onDisk !== entries) {
      throw new AppError('image.archive-unsupported', 'in several parts');
    }
    if (directoryOffset + directoryBytes > source.size - tail.length + at) {
      throw damaged('the directory reaches beyond its end');
    }
    return { entries: entries!, directoryBytes, directoryOffset };
  }
  throw damaged('no end of a directory');
}

function readEntries(directory: Uint8Array, count: number): ZipEntry[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const found: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== entrySignature) {
      throw damaged(`entry ${index + 1} of ${count} is cut or no entry`);
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    );
    const end = at + 46 + nameBytes!;
    const next = end + extraBytes! + commentBytes!;
    if (next > directory.length) throw damaged(`entry ${index + 1} of ${count} is cut`);
    found.push(readEntry(view, at, directory.subarray(at + 46, end)));
    at = next;
  }
  return found;
}

function readEntry(view: DataView, at: number, name: Uint8Array): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const facts = {
    name: entryName(name, (flags & 0x800) !== 0),
    deflated: method === 8,
    crc: view.getUint32(at + 16, true),
    compressedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  const problem = problemOf(facts, flags, method);
  return problem === undefined ? facts : { ...facts, problem };
}

function problemOf(
  { bytes, compressedBytes, offset }: Omit<ZipEntry, 'problem'>,
  flags: number,
  method: number,
): ErrorCode | undefined {
  // Bit 0: encrypted; bit 6: strongly; bit 13: the directory itself is masked.
  if ((flags & 0x2041) !== 0) return 'image.encrypted';
  if (bytes === 0xffffffff || compressedBytes === 0xffffffff || offset === 0xffffffff) {
    return 'image.archive-unsupported';
  }
  if (method !== 0 && method !== 8) return 'image.archive-unsupported';
  if (method === 0 && bytes !== compressedBytes) return 'image.archive-damaged';
  if (bytes > maxEntryBytes) return 'image.too-large';
  return bytes > ratioCountsFrom && bytes > compressedBytes * maxRatio ? 'image.too-large' : undefined;
}

/** Entries that share bytes are how small archives become endless (D. Fifield, A better zip bomb, 2019). */
function refuseOverlaps(entries: readonly ZipEntry[], directoryOffset: number): void {
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset);
  for (const [index, { offset, compressedBytes }] of inOrder.entries()) {
    const limit = inOrder[index + 1]?.offset ?? directoryOffset;
    if (offset + localHeaderBytes + compressedBytes > limit) throw damaged('entries lie over each other');
  }
}
