// Encapsulated pixel data, PS3.5 A.4: a basic offset table, then fragments, each an item (FFFE,E000), then a sequence
// delimiter. A frame may span several fragments; a fragment never holds parts of two frames.

import { AppError } from '../kernel/errors.ts';

const itemTag = 0xfffee000;
const delimiterTag = 0xfffee0dd;
/** Each takes memory, and none needs more than eight bytes of the file. */
const maxFragments = 200_000;

export interface Fragments {
  readonly offsets: readonly number[];
  readonly fragments: readonly Uint8Array[];
  /** Position of each fragment's item relative to the first, as the offset table counts. */
  readonly positions: readonly number[];
}

/** `start` is the offset of the basic offset table's item. Without a delimiter the fragments go on to the end. */
export function readFragments(bytes: Uint8Array, start: number, bigEndian: boolean): Fragments {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: Uint8Array[] = [];
  const itemPositions: number[] = [];
  for (let position = start; position + 8 <= bytes.length;) {
    const tag = view.getUint16(position, !bigEndian) * 0x10000 + view.getUint16(position + 2, !bigEndian);
    const length = view.getUint32(position + 4, !bigEndian);
    const end = position + 8 + length;
    if (tag === delimiterTag) break;
    if (tag !== itemTag)
      throw new AppError('image.damaged', 'something else than a fragment in the pixel data');
    if (end > bytes.length)
      throw new AppError('image.truncated', 'the file ends inside a fragment of the pixel data');
    if (items.length > maxFragments)
      throw new AppError('image.too-large', `more than ${maxFragments} fragments`);
    items.push(bytes.subarray(position + 8, end));
    itemPositions.push(position);
    position = end;
  }
  // Some programs leave the table out.
  const first = items[0] !== undefined && startsPicture(items[0]) ? 0 : 1;
  const table = first === 0 ? new Uint8Array(0) : (items[0] ?? new Uint8Array(0));
  const fragments = items.slice(first);
  if (fragments.length === 0) throw new AppError('image.no-pixels', 'the pixel data has no fragments');
  const tableView = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const offsets = Array.from({ length: Math.trunc(table.length / 4) }, (_, index) =>
    tableView.getUint32(4 * index, !bigEndian),
  );
  const origin = itemPositions[first] ?? 0;
  return { offsets, fragments, positions: itemPositions.slice(first).map((position) => position - origin) };
}

/** The bytes of one frame, its fragments joined. Throws `image.damaged` where it cannot be told which they are. */
export function frameOf(all: Fragments, frame: number, frames: number): Uint8Array {
  const { fragments } = all;
  const tabled = tabledStarts(all);
  if (frames === 1) return join(fragments.slice(0, tabled[1] ?? fragments.length));
  if (fragments.length === frames) return fragments[frame] ?? missing(frame);
  const starts = tabled.length === frames ? tabled : seenStarts(fragments);
  const first = starts[frame];
  if (first === undefined) return missing(frame);
  return join(fragments.slice(first, starts[frame + 1] ?? fragments.length));
}

function missing(frame: number): never {
  throw new AppError('image.damaged', `the fragments of frame ${frame} cannot be found`);
}

/** First fragment of each frame by the offset table; empty where the table is missing or points between fragments. */
function tabledStarts({ offsets, positions }: Fragments): readonly number[] {
  const indexOf = new Map(positions.map((position, index) => [position, index]));
  const starts = offsets.map((offset) => indexOf.get(offset) ?? -1);
  const isUsable = starts.every((start, index) => start > (starts[index - 1] ?? -1));
  return isUsable && starts[0] === 0 ? starts : [];
}

/** Without an offset table, a frame starts where a JPEG or JPEG 2000 stream starts. */
function seenStarts(fragments: readonly Uint8Array[]): readonly number[] {
  return fragments.flatMap((fragment, index) => (startsPicture(fragment) ? [index] : []));
}

/** SOI or SOC, and another marker. */
export function startsPicture(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && (bytes[1] === 0xd8 || bytes[1] === 0x4f) && bytes[2] === 0xff;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}
