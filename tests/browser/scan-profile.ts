import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unsnappy } from './snappy.ts';

// What lies in a browser's profile, as somebody sees it who takes the disk out: the files as they are, and once more with what
// LevelDB and Blink pack taken apart, because packed a name is not to be found.

export interface Scanned {
  readonly files: number;
  readonly bytes: number;
  /** The names of the needles that lie there, in the order in which they were given. */
  readonly found: readonly string[];
}

/** @param needles by name; more than eight bytes each, or they turn up by chance */
export function scanProfile(folder: string, needles: ReadonlyMap<string, readonly Buffer[]>): Scanned {
  const found = new Set<string>();
  let [files, bytes] = [0, 0];
  const look = (text: Buffer): void => {
    bytes += text.length;
    for (const [name, forms] of needles) {
      if (!found.has(name) && forms.some((form) => text.includes(form))) found.add(name);
    }
  };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files++;
    const content = readFileSync(join(entry.parentPath, entry.name));
    for (const layer of [content, ...unpacked(entry.name, content)]) {
      look(layer);
      for (const value of packedValues(layer)) look(value);
    }
  }
  return { files, bytes, found: [...needles.keys()].filter((name) => found.has(name)) };
}

/** The forms in which a text may be written. */
export function textForms(text: string): Buffer[] {
  return [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le'), Buffer.from(text, 'latin1')];
}

function* unpacked(name: string, content: Buffer): Generator<Buffer> {
  if (name.endsWith('.log')) yield joinedLog(content);
  if (name.endsWith('.ldb') || name.endsWith('.sst')) yield* tableBlocks(content);
}

/** LevelDB's log (doc/log_format.md): blocks of 32 KiB hold fragments behind headers of 7 bytes. */
function joinedLog(content: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let block = 0; block < content.length; block += 32_768) {
    const end = Math.min(block + 32_768, content.length);
    for (let at = block; at + 7 <= end;) {
      const length = content.readUInt16LE(at + 4);
      parts.push(content.subarray(at + 7, Math.min(at + 7 + length, end)));
      at += 7 + length;
    }
  }
  return Buffer.concat(parts);
}

function varint(content: Buffer, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from, scale = 1; ; at++, scale *= 128) {
    const byte = content[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, at + 1];
  }
}

/** LevelDB's tables (doc/table_format.md): the footer names the index, the index names the blocks. */
function* tableBlocks(content: Buffer): Generator<Buffer> {
  let at = content.length - 48;
  if (at < 0) return;
  // The handle of the metaindex comes first.
  for (let skip = 0; skip < 2; skip++) [, at] = varint(content, at);
  const [offset, next] = varint(content, at);
  const [length] = varint(content, next);
  const index = block(content, offset, length);
  if (index === undefined) return;
  const entriesEnd = index.length - 4 - 4 * index.readUInt32LE(index.length - 4);
  for (let entry = 0; entry < entriesEnd;) {
    let [, after] = varint(index, entry);
    let unshared: number;
    let valueLength: number;
    [unshared, after] = varint(index, after);
    [valueLength, after] = varint(index, after);
    const [blockOffset, behind] = varint(index, after + unshared);
    const [blockLength] = varint(index, behind);
    const data = block(content, blockOffset, blockLength);
    if (data !== undefined) yield data;
    entry = after + unshared + valueLength;
  }
}

function block(content: Buffer, offset: number, length: number): Buffer | undefined {
  const stored = content.subarray(offset, offset + length);
  if (content[offset + length] === 0) return stored;
  const plain = unsnappy(stored);
  return plain && Buffer.from(plain);
}

/** What Blink's IndexedDB packs (idb_value_wrapping.cc): the mark of a packed value and then snappy. */
function* packedValues(content: Buffer): Generator<Buffer> {
  const mark = Buffer.from([0xff, 0x11, 0x02]);
  for (let at = content.indexOf(mark); at !== -1; at = content.indexOf(mark, at + 1)) {
    const plain = unsnappy(content.subarray(at + mark.length));
    if (plain !== undefined) yield Buffer.from(plain);
  }
}
