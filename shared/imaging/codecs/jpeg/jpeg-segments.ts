// The marker segments that a decoder needs (ISO 10918-1 B.2): frame header, quantisation and Huffman tables, restart
// interval, scan headers. Tables may change between scans, so each scan is handed over with those that hold for it.

import { AppError } from '../../../kernel/errors.ts';
import { readEntropyData } from './entropy-intervals.ts';
import { openHuffmanTable, type HuffmanTable } from './huffman-table.ts';

export interface FrameComponent {
  readonly id: number;
  /** Sampling factors, 1 … 4. */
  readonly h: number;
  readonly v: number;
  readonly quantisation: number;
}

export interface FrameHeader {
  /** n of SOFn. */
  readonly process: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly FrameComponent[];
}

export interface Scan {
  /** `index` counts the components of the frame. */
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  /** Ss, Se: the band of coefficients; in lossless streams Ss is the predictor. */
  readonly from: number;
  readonly to: number;
  /** Ah, Al: successive approximation; in lossless streams Al is the point transform. */
  readonly high: number;
  readonly low: number;
  readonly restartInterval: number;
  /** Already without stuffing. */
  readonly intervals: readonly Uint8Array[];
  readonly quantisation: readonly (Uint16Array | undefined)[];
  dcTable(selector: number): HuffmanTable;
  acTable(selector: number): HuffmanTable;
}

interface Tables {
  restartInterval: number;
  /** 64 steps each, in zigzag order. */
  readonly quantisation: (Uint16Array | undefined)[];
  /** As stored, DC under 0 … 3, AC under 16 … 19; opened when a scan asks for them. */
  readonly huffman: Map<number, () => HuffmanTable>;
}

/** Calls `takeFrame` once, before any scan, then `takeScan` for each. Throws `image.damaged` or `image.truncated`. */
export function readJpegSegments(
  bytes: Uint8Array,
  takeFrame: (frame: FrameHeader) => void,
  takeScan: (scan: Scan) => void,
): void {
  const tables: Tables = { restartInterval: 0, quantisation: [], huffman: new Map() };
  let frame: FrameHeader | undefined;
  for (let position = 2; ;) {
    position = bytes.indexOf(0xff, position);
    const marker = position < 0 ? undefined : bytes[position + 1];
    if (marker === undefined) throw new AppError('image.truncated', 'the JPEG stream has no end marker');
    if (marker === 0xd9) return;
    if (marker === 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd8)) {
      position += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = ((bytes[position + 2] ?? 0) << 8) | (bytes[position + 3] ?? 0);
    const end = position + 2 + length;
    if (length < 2 || end > bytes.length)
      throw new AppError('image.truncated', 'the JPEG stream ends inside a segment');
    const payload = bytes.subarray(position + 4, end);
    position = end;
    if (marker === 0xc4) readHuffmanTables(payload, tables);
    else if (marker === 0xdb) readQuantisation(payload, tables);
    else if (marker === 0xdd) tables.restartInterval = word(payload, 0);
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
      if (frame !== undefined) throw new AppError('image.damaged', 'the JPEG stream has two frame headers');
      frame = readFrame(marker - 0xc0, payload);
      takeFrame(frame);
    } else if (marker === 0xda) {
      if (frame === undefined) throw new AppError('image.damaged', 'a JPEG scan before the frame header');
      const { intervals, end: scanEnd } = readEntropyData(bytes, position);
      takeScan(readScan(payload, frame, tables, intervals));
      position = scanEnd;
    }
  }
}

function readFrame(process: number, payload: Uint8Array): FrameHeader {
  const count = payload[5] ?? 0;
  if (count < 1 || payload.length < 6 + 3 * count)
    throw new AppError('image.damaged', 'the JPEG frame header is cut');
  const components = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantisation = 0] = payload.subarray(6 + 3 * index);
    const [h, v] = [sampling >> 4, sampling & 15];
    if (h < 1 || h > 4 || v < 1 || v > 4 || quantisation > 3)
      throw new AppError('image.damaged', `a JPEG component sampled ${h} × ${v}`);
    return { id, h, v, quantisation };
  });
  return {
    process,
    precision: payload[0] ?? 0,
    height: word(payload, 1),
    width: word(payload, 3),
    components,
  };
}

function readScan(
  payload: Uint8Array,
  frame: FrameHeader,
  tables: Tables,
  intervals: readonly Uint8Array[],
): Scan {
  const count = payload[0] ?? 0;
  if (count < 1 || count > 4 || payload.length < 4 + 2 * count)
    throw new AppError('image.damaged', 'a JPEG scan header is cut');
  const components = Array.from({ length: count }, (_, place) => {
    const [id = 0, selectors = 0] = payload.subarray(1 + 2 * place);
    const index = frame.components.findIndex((component) => component.id === id);
    if (index < 0) throw new AppError('image.damaged', `a JPEG scan of an unknown component ${id}`);
    return { index, dc: selectors >> 4, ac: selectors & 15 };
  });
  if (new Set(components.map(({ index }) => index)).size < count)
    throw new AppError('image.damaged', 'a JPEG scan names a component twice');
  const [from = 0, to = 0, approximation = 0] = payload.subarray(1 + 2 * count);
  // Later segments must not change what this scan was given.
  const huffman = new Map(tables.huffman);
  const table = (key: number): HuffmanTable => {
    const open = huffman.get(key);
    if (open === undefined) throw new AppError('image.damaged', 'a JPEG scan lacks its Huffman table');
    return open();
  };
  return {
    components,
    from,
    to,
    high: approximation >> 4,
    low: approximation & 15,
    restartInterval: tables.restartInterval,
    intervals,
    quantisation: [...tables.quantisation],
    dcTable: (selector) => table(selector),
    acTable: (selector) => table(16 + selector),
  };
}

function readHuffmanTables(payload: Uint8Array, { huffman }: Tables): void {
  for (let position = 0; position < payload.length;) {
    const selector = payload[position] ?? 0;
    const counts = payload.subarray(position + 1, position + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const values = payload.subarray(position + 17, position + 17 + total);
    if (counts.length < 16 || values.length < total || total > 256)
      throw new AppError('image.damaged', 'a JPEG Huffman table is cut');
    let opened: HuffmanTable | undefined;
    huffman.set(selector, () => (opened ??= openHuffmanTable(counts, values)));
    position += 17 + total;
  }
}

function readQuantisation(payload: Uint8Array, { quantisation }: Tables): void {
  for (let position = 0; position < payload.length;) {
    const [wide, selector] = [(payload[position] ?? 0) >> 4, (payload[position] ?? 0) & 15];
    const bytes = wide === 0 ? 1 : 2;
    if (selector > 3 || position + 1 + 64 * bytes > payload.length)
      throw new AppError('image.damaged', 'a JPEG quantisation table is cut');
    const at = position + 1;
    quantisation[selector] = Uint16Array.from({ length: 64 }, (_, index) =>
      bytes === 1 ? (payload[at + index] ?? 0) : word(payload, at + 2 * index),
    );
    position += 1 + 64 * bytes;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
