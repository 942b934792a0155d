import { AppError } from '../../../kernel/errors.ts';
import type { HuffmanTable } from './huffman-table.ts';

/** Zeros behind the data, so that looking ahead never leaves the array. */
export const spareBytes = 8;

/** The bits of one restart interval, most significant first (ISO 10918-1 F.2.2.5), stuffing already removed. */
export class BitSource {
  readonly #bytes: Uint8Array;
  readonly #bits: number;
  #at = 0;

  /** `bytes` ends with `spareBytes` zeros that are no data. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#bits = 8 * (bytes.length - spareBytes);
  }

  /** Called once a block: between two calls the spare bytes, then zeros, are read instead of failing. */
  checkNotOverrun(): void {
    if (this.#at > this.#bits) throw new AppError('image.damaged', 'a JPEG scan ends before its last pixel');
  }

  /** The value of the next code. */
  symbol(table: HuffmanTable): number {
    const entry = table[this.#peek16()] ?? 0;
    if (entry === 0) {
      this.checkNotOverrun();
      throw new AppError('image.damaged', 'a JPEG scan holds a code that is in no table');
    }
    this.#at += entry >> 8;
    return entry & 0xff;
  }

  /** The next `count` bits, 0 … 16, as an unsigned number. */
  bits(count: number): number {
    const value = this.#peek16() >>> (16 - count);
    this.#at += count;
    return value;
  }

  /** RECEIVE and EXTEND (F.2.2.1): a signed number of `size` bits, whose first bit says that it is positive. */
  extended(size: number): number {
    if (size === 0) return 0;
    const value = this.bits(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /**
   * The next row of differences of a lossless scan, one for each component in turn (H.1.2.2): the code says how many
   * bits follow, 16 stands for the difference 32,768. The state is held in locals: this loop runs for every sample.
   */
  differences(tables: readonly HuffmanTable[], out: readonly Int32Array[]): void {
    const bytes = this.#bytes;
    const width = out[0]?.length ?? 0;
    let at = this.#at;
    for (let x = 0; x < width; x += 1) {
      for (let component = 0; component < tables.length; component += 1) {
        const byte = at >>> 3;
        // A code of up to 16 bits begins in the first of these 32.
        const word =
          ((bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!) <<
          (at & 7);
        const entry = tables[component]![word >>> 16]!;
        const length = entry >> 8;
        const size = entry & 0xff;
        if (length === 0 || size > 16) {
          this.#at = at;
          this.checkNotOverrun();
          throw new AppError('image.damaged', 'a lossless JPEG scan holds a code that is in no table');
        }
        at += length;
        let value = 32768;
        if (size === 0) value = 0;
        else if (size < 16) {
          // 25 of the 32 bits are surely data; a longer pair is read anew.
          if (length + size > 24) {
            const next = at >>> 3;
            value =
              (((bytes[next]! << 16) | (bytes[next + 1]! << 8) | bytes[next + 2]!) << (8 + (at & 7))) >>>
              (32 - size);
          } else value = (word << length) >>> (32 - size);
          at += size;
          if (value < 1 << (size - 1)) value -= (1 << size) - 1;
        }
        out[component]![x] = value;
      }
    }
    this.#at = at;
  }

  #peek16(): number {
    const bytes = this.#bytes;
    const byte = this.#at >>> 3;
    const word = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
    return (word >>> (8 - (this.#at & 7))) & 0xffff;
  }
}
