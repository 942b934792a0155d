import { AppError } from '../../../kernel/errors.ts';
import { spareBytes } from './bit-source.ts';

export interface EntropyData {
  /** The restart intervals of a scan, each without stuffed bytes and with `spareBytes` zeros behind it. */
  readonly intervals: readonly Uint8Array[];
  /** Position of the marker that ends the scan, or of the end of the stream. */
  readonly end: number;
}

/**
 * The entropy-coded data of a scan (ISO 10918-1 F.1.2.3, B.1.1.5): FF00 is the byte FF, RSTn separates intervals and
 * counts modulo 8, any other marker ends the scan.
 */
export function readEntropyData(bytes: Uint8Array, start: number): EntropyData {
  const intervals: Uint8Array[] = [];
  let position = start;
  for (;;) {
    const end = endOfInterval(bytes, position);
    intervals.push(withoutStuffing(bytes.subarray(position, end)));
    const restart = restartNumber(bytes, end);
    if (restart === undefined) return { intervals, end };
    if (restart !== (intervals.length - 1) % 8)
      throw new AppError('image.damaged', 'restart intervals of a JPEG scan are missing');
    position = end + 2;
  }
}

function restartNumber(bytes: Uint8Array, position: number): number | undefined {
  const code = bytes[position + 1] ?? 0;
  return code >= 0xd0 && code <= 0xd7 ? code - 0xd0 : undefined;
}

/** Position of the next marker; fill bytes FF before it belong to it (B.1.1.2). */
function endOfInterval(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1];
    if (code === undefined) break;
    if (code !== 0 && code !== 0xff) return at;
  }
  return bytes.length;
}

function withoutStuffing(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + spareBytes);
  let write = 0;
  let read = 0;
  for (let at = data.indexOf(0xff); at >= 0; at = data.indexOf(0xff, read)) {
    const isByte = data[at + 1] === 0;
    out.set(data.subarray(read, isByte ? at + 1 : at), write);
    write += at - read + (isByte ? 1 : 0);
    read = isByte ? at + 2 : at + 1;
  }
  out.set(data.subarray(read), write);
  write += data.length - read;
  return out.subarray(0, write + spareBytes);
}
