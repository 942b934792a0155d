import { AppError } from '../../../kernel/errors.ts';
import type { BitSource } from './bit-source.ts';
import type { HuffmanTable } from './huffman-table.ts';
import type { Scan } from './jpeg-segments.ts';

/** Place in natural order of the k-th coefficient in zigzag order (ISO 10918-1 figure A.6). */
export const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
]);

/** What is carried from block to block; fresh in each restart interval. */
export interface IntervalState {
  readonly source: BitSource;
  /** The last DC value of each component of the scan. */
  readonly predictions: Int32Array;
  /** Blocks that are still at their end (EOBRUN, G.1.2.2). */
  endRun: number;
}

export interface BlockTables {
  /** Of the scan's components. */
  readonly place: number;
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
}

/** Decodes one block of a scan into `out` from `at` on. */
export type DecodeBlock = (state: IntervalState, tables: BlockTables, out: Int16Array, at: number) => void;

const noTable: HuffmanTable = new Uint16Array(0);

/** Which of the five block codes a scan uses: sequential (F.2.2), or a first or refining scan (G.2) of DC or AC. */
export function blockDecoder(isProgressive: boolean, scan: Scan): DecodeBlock {
  if (!isProgressive) return sequentialBlock;
  const { from, to, low } = scan;
  if (from === 0) {
    return scan.high === 0
      ? (state, tables, out, at) => {
          out[at] = nextDc(state, tables) << low;
        }
      : ({ source }, _, out, at) => {
          if (source.bits(1) === 1) out[at] = (out[at] ?? 0) | (1 << low);
        };
  }
  return scan.high === 0
    ? (state, tables, out, at) => firstAc(state, tables.ac ?? noTable, out, at, from, to, low)
    : (state, tables, out, at) => refineAc(state, tables.ac ?? noTable, out, at, from, to, low);
}

function nextDc({ source, predictions }: IntervalState, { place, dc }: BlockTables): number {
  const size = source.symbol(dc ?? noTable);
  if (size > 15) throw new AppError('image.damaged', `a JPEG difference of ${size} bits`);
  const value = (predictions[place] ?? 0) + source.extended(size);
  predictions[place] = value;
  return value;
}

function sequentialBlock(state: IntervalState, tables: BlockTables, out: Int16Array, at: number): void {
  const { source } = state;
  const ac = tables.ac ?? noTable;
  out[at] = nextDc(state, tables);
  for (let k = 1; k < 64; k += 1) {
    const symbol = source.symbol(ac);
    const size = symbol & 15;
    k += symbol >> 4;
    if (size === 0) {
      if (symbol !== 0xf0) return;
      continue;
    }
    out[at + place(k)] = source.extended(size);
  }
}

function place(k: number): number {
  const natural = zigzag[k];
  if (natural === undefined) throw new AppError('image.damaged', 'a JPEG block has more than 64 values');
  return natural;
}

function firstAc(
  state: IntervalState,
  ac: HuffmanTable,
  out: Int16Array,
  at: number,
  from: number,
  to: number,
  low: number,
): void {
  if (state.endRun > 0) {
    state.endRun -= 1;
    return;
  }
  const { source } = state;
  for (let k = from; k <= to; k += 1) {
    const symbol = source.symbol(ac);
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && run < 15) {
      state.endRun = (1 << run) - 1 + source.bits(run);
      return;
    }
    k += run;
    if (size > 0) out[at + place(k)] = source.extended(size) << low;
  }
}

/** G.1.2.3: each value that is already there gets a correcting bit; between them new values ±1 may appear. */
function refineAc(
  state: IntervalState,
  ac: HuffmanTable,
  out: Int16Array,
  at: number,
  from: number,
  to: number,
  low: number,
): void {
  const { source } = state;
  const bit = 1 << low;
  let k = from;

  /** Corrects values up to the `zeros`-th further zero, where it stops. */
  function correct(zeros: number): void {
    for (; k <= to; k += 1) {
      const index = at + place(k);
      const value = out[index] ?? 0;
      if (value === 0) {
        if (zeros === 0) return;
        zeros -= 1;
      } else if (source.bits(1) === 1 && (value & bit) === 0) {
        out[index] = value + (value > 0 ? bit : -bit);
      }
    }
  }

  if (state.endRun === 0) {
    for (; k <= to; k += 1) {
      const symbol = source.symbol(ac);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        state.endRun = (1 << run) + source.bits(run);
        break;
      }
      const fresh = size === 0 ? 0 : source.bits(1) === 1 ? bit : -bit;
      correct(run);
      if (fresh !== 0) out[at + place(k)] = fresh;
    }
  }
  if (state.endRun > 0) {
    correct(64);
    state.endRun -= 1;
  }
}
