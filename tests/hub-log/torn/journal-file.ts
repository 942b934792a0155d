/**
 * SQLite's rollback journal ("Database File Format", section 3 "The Rollback Journal"): one segment or several, each a header
 * in a sector of its own and records of page number, page as it was, and checksum. All numbers are big-endian.
 */

const magic = Uint8Array.of(0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7);
const countAt = magic.length;
const sectorSizeAt = 20;
const pageSizeAt = 24;
/** Magic and count: what is zero until the records are on the disk. */
export const sealBytes = 12;

/** The smallest piece that a disk writes. */
export const sectorBytes = 512;

export interface Journal {
  readonly bytes: Uint8Array;
  /** Where the last segment begins, whose header was not sealed yet; before it, everything was synced. */
  readonly openAt: number;
  /** The numbers of all pages in it, from 1. */
  readonly pages: ReadonlySet<number>;
  readonly pageBytes: number;
  /** As it is once its records are synced and its last header says how many there are. */
  readonly sealed: Uint8Array;
}

/** Whether a header whose records were synced begins here. */
export function isSealedHeader(bytes: Uint8Array, at: number): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte);
}

function recordsIn(view: DataView, from: number, count: number, pageBytes: number): number[] {
  return Array.from({ length: count }, (_, record) => view.getUint32(from + record * (pageBytes + 8)));
}

/** Reads the journal of a transaction that is about to commit. */
export function readJournal(bytes: Uint8Array): Journal {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [sectorSize, pageBytes] = [view.getUint32(sectorSizeAt), view.getUint32(pageSizeAt)];
  if (sectorSize < sectorBytes || pageBytes < sectorBytes) throw new TypeError('this is not a journal');
  const pages = new Set<number>();
  for (let at = 0; ;) {
    const isSealed = isSealedHeader(bytes, at);
    const rest = Math.floor((bytes.length - at - sectorSize) / (pageBytes + 8));
    const count = isSealed ? view.getUint32(at + countAt) : rest;
    for (const page of recordsIn(view, at + sectorSize, count, pageBytes)) pages.add(page);
    if (!isSealed) {
      const sealed = bytes.slice();
      sealed.set(magic, at);
      new DataView(sealed.buffer).setUint32(at + countAt, count);
      return { bytes, openAt: at, pages, pageBytes, sealed };
    }
    const end = at + sectorSize + count * (pageBytes + 8);
    at = Math.ceil(end / sectorSize) * sectorSize;
    if (at >= bytes.length) throw new TypeError('this journal is of a transaction that has committed');
  }
}
