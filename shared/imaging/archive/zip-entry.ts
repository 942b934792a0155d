import { AppError } from '../../kernel/errors.ts';
import { inflateHead, inflateRaw } from '../codecs/inflate.ts';
import type { ByteSource } from './byte-source.ts';
import { crc32 } from './crc32.ts';
import { isZip } from './is-zip.ts';
import type { ZipEntry } from './zip-directory.ts';

const localSignature = 0x04034b50;
const localHeaderBytes = 30;
/** What does not shrink lies in stored blocks of up to 65,535 bytes, which come out whole or not at all. */
const storedBlockBytes = 66_000;

/**
 * The bytes of one entry, checked against what the directory states of it.
 * @throws AppError `image.archive-damaged`, `image.too-large`, the entry's own problem; `image.archive` for an archive in it
 */
export async function readZipEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.problem !== undefined) throw new AppError(entry.problem, `in the archive: ${entry.name}`);
  const compressed = await compressedPart(source, entry, entry.compressedBytes);
  const bytes = entry.deflated ? inflated(compressed, entry.bytes) : compressed.slice();
  if (bytes.length !== entry.bytes) throw damaged(`${bytes.length} bytes where ${entry.bytes} are stated`);
  if (crc32(bytes) !== entry.crc) throw damaged('the checksum is wrong');
  if (isZip(bytes)) throw new AppError('image.archive', 'an archive inside an archive');
  return bytes;
}

/** The beginning, enough to tell what it is; nothing when that cannot be read. */
export async function readZipEntryHead(
  source: ByteSource,
  entry: ZipEntry,
  length: number,
): Promise<Uint8Array | undefined> {
  if (entry.problem !== undefined) return undefined;
  try {
    const enough = entry.deflated ? Math.max(length, storedBlockBytes) : length;
    const part = await compressedPart(source, entry, Math.min(entry.compressedBytes, enough));
    return entry.deflated ? inflateHead(part, length) : part;
  } catch {
    return undefined;
  }
}

const damaged = (what: string): AppError => new AppError('image.archive-damaged', what);

async function compressedPart(source: ByteSource, { offset }: ZipEntry, length: number): Promise<Uint8Array> {
  const header = await source.read(offset, localHeaderBytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < localHeaderBytes || view.getUint32(0, true) !== localSignature) {
    throw damaged('the entry is not where the directory says');
  }
  const start = offset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
  const part = await source.read(start, length);
  if (part.length < length) throw damaged('the archive ends within the entry');
  return part;
}

function inflated(compressed: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return inflateRaw(compressed, bytes);
  } catch (cause) {
    throw new AppError('image.archive-damaged', 'the entry cannot be inflated', { cause });
  }
}
