// Encapsulated pixel data, PS3.5 A.4: a basic offset table, then fragments, each an item (FFFE,E000), then a sequence
// delimiter. A frame may span several fragments; a fragment never holds parts of two frames.

import { AppError } from '../kernel/errors.ts';

const itemTag = 0xfffee000;
const delimiterTag = 0xfffee0dd;

interface Fragments {
  readonly offsets: readonly number[];
  readonly fragments: readonly Uint8Array[];
  /** Position of each fragment's item relative to the first, as the offset table counts. */
  readonly positions: readonly number[];
}

/** The bytes of one frame, its fragments joined. `start` is the offset of the basic offset table's item. */
export function encapsulatedFrame(
  bytes: Uint8Array,
  start: number,
  frame: number,
  frames: number,
): Uint8Array {
  const { offsets, fragments, positions } = readFragments(bytes, start);
  if (fragments.length === 0) throw new AppError('image.no-pixels', 'the pixel data has no fragments');
  if (frames === 1) return join(fragments);
  if (fragments.length === frames) return fragments[frame] ?? missing(frame);
  const starts =
    offsets.length === frames
      ? offsets.map((offset) => positions.indexOf(offset))
      : startingIndices(fragments);
  const first = starts[frame];
  if (first === undefined || first < 0) return missing(frame);
  return join(fragments.slice(first, starts[frame + 1] ?? fragments.length));
}

function missing(frame: number): never {
  throw new AppError('image.damaged', `the fragments of frame ${frame} cannot be found`);
}

function readFragments(bytes: Uint8Array, start: number): Fragments {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: Uint8Array[] = [];
  const itemPositions: number[] = [];
  for (let position = start; position + 8 <= bytes.length;) {
    const tag = view.getUint16(position, true) * 0x10000 + view.getUint16(position + 2, true);
    const length = view.getUint32(position + 4, true);
    const end = position + 8 + length;
    if (tag === delimiterTag) break;
    if (tag !== itemTag)
      throw new AppError('image.damaged', 'something else than a fragment in the pixel data');
    if (end > bytes.length)
      throw new AppError('image.truncated', 'the file ends inside a fragment of the pixel data');
    items.push(bytes.subarray(position + 8, end));
    itemPositions.push(position);
    position = end;
  }
  const [table = new Uint8Array(0), ...fragments] = items;
  const offsets = Array.from({ length: Math.trunc(table.length / 4) }, (_, index) =>
    new DataView(table.buffer, table.byteOffset).getUint32(4 * index, true),
  );
  const origin = itemPositions[1] ?? 0;
  return { offsets, fragments, positions: itemPositions.slice(1).map((position) => position - origin) };
}

/** Without an offset table, a frame starts where a JPEG (FFD8) or JPEG 2000 (FF4F) stream starts. */
function startingIndices(fragments: readonly Uint8Array[]): number[] {
  return fragments.flatMap((fragment, index) =>
    fragment[0] === 0xff && (fragment[1] === 0xd8 || fragment[1] === 0x4f) ? [index] : [],
  );
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
