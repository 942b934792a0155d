import type { Fork } from './report.ts';

/**
 * What is kept of each entry while an export is read: a few numbers in flat arrays, since there may be millions. The number
 * of an entry is its position in the file, from 0.
 */
export interface KnownEntries {
  readonly size: number;
  /** Undefined for a name that no entry has. */
  find(h: string): number | undefined;
  /** @param parent the entry before it of the same device; null for a first one */
  add(entry: NewEntry): void;
  /** A second name: the one under which the file carries an entry that does not match it. */
  alsoKnownAs(h: string, index: number): void;
  at(index: number): KnownEntry;
  /** Marks an entry and all before it in its chain as signed for. */
  cover(index: number): void;
  /** In the file's order. */
  uncovered(): Generator<number, void, void>;
  readonly devices: number;
  forks(): Fork[];
}

interface NewEntry {
  readonly h: string;
  readonly device: string;
  readonly n: number;
  readonly parent: number | null;
  readonly effTs: number;
  readonly recvAt: number;
  readonly line: number;
}

interface KnownEntry extends NewEntry {
  readonly index: number;
}

/** For `parent`: there is none, or it is missing. */
const none = -1;

/** Numbers that never move once written; grows by blocks, so that growing copies nothing. */
function createColumn() {
  const blockSize = 65_536;
  const blocks: Float64Array[] = [];
  let length = 0;
  return {
    push(value: number): void {
      if (length % blockSize === 0) blocks.push(new Float64Array(blockSize));
      blocks.at(-1)![length++ % blockSize] = value;
    },
    at: (index: number): number => blocks[Math.floor(index / blockSize)]![index % blockSize]!,
    set(index: number, value: number): void {
      blocks[Math.floor(index / blockSize)]![index % blockSize] = value;
    },
  };
}

export function createKnownEntries(): KnownEntries {
  const indexOf = new Map<string, number>();
  const names: string[] = [];
  const devices: string[] = [];
  const deviceNumbers = new Map<string, number>();
  const device = createColumn();
  const n = createColumn();
  const parent = createColumn();
  const effTs = createColumn();
  const recvAt = createColumn();
  const line = createColumn();
  const firstChild = createColumn();
  const covered = createColumn();
  const firstOf = new Map<string, number>();
  /** By the number of the parent, or the device where it has none. */
  const forks = new Map<number | string, number[]>();

  function follow(before: number | string, earlier: number | undefined, index: number): void {
    if (earlier === undefined) return;
    const siblings = forks.get(before) ?? [earlier];
    siblings.push(index);
    forks.set(before, siblings);
  }

  return {
    get size() {
      return names.length;
    },
    get devices() {
      return devices.length;
    },
    find: (h) => indexOf.get(h),
    alsoKnownAs(h, index) {
      if (!indexOf.has(h)) indexOf.set(h, index);
    },
    add(entry) {
      const index = names.length;
      if (!indexOf.has(entry.h)) indexOf.set(entry.h, index);
      names.push(entry.h);
      let number = deviceNumbers.get(entry.device);
      if (number === undefined) {
        number = devices.length;
        devices.push(entry.device);
        deviceNumbers.set(entry.device, number);
      }
      device.push(number);
      n.push(entry.n);
      parent.push(entry.parent ?? none);
      effTs.push(entry.effTs);
      recvAt.push(entry.recvAt);
      line.push(entry.line);
      firstChild.push(none);
      covered.push(0);
      if (entry.parent !== null) {
        const earlier = firstChild.at(entry.parent);
        if (earlier === none) firstChild.set(entry.parent, index);
        else follow(entry.parent, earlier, index);
      } else if (entry.n === 1) {
        follow(entry.device, firstOf.get(entry.device), index);
        if (!firstOf.has(entry.device)) firstOf.set(entry.device, index);
      }
    },
    at: (index) => ({
      index,
      h: names[index]!,
      device: devices[device.at(index)]!,
      n: n.at(index),
      parent: parent.at(index) === none ? null : parent.at(index),
      effTs: effTs.at(index),
      recvAt: recvAt.at(index),
      line: line.at(index),
    }),
    cover(index) {
      let at = index;
      while (at !== none && covered.at(at) === 0) {
        covered.set(at, 1);
        at = parent.at(at);
      }
    },
    *uncovered() {
      for (let index = 0; index < names.length; index++) if (covered.at(index) === 0) yield index;
    },
    forks: () =>
      [...forks.values()].map((indices) => ({
        device: devices[device.at(indices[0]!)]!,
        n: n.at(indices[0]!),
        hs: indices.map((index) => names[index]!),
      })),
  };
}
