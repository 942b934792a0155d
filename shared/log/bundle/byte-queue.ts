import { concatBytes } from '../../kernel/bytes.ts';

/** Bytes that come in pieces of any size and go in pieces of another. */
export class ByteQueue {
  #pieces: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** The next ones, which stay. @throws TypeError where there are not so many */
  peek(count: number): Uint8Array {
    if (count > this.#length) throw new TypeError(`${count} bytes of ${this.#length}`);
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= count) return first.subarray(0, count);
    const all = concatBytes(...this.#pieces);
    this.#pieces = [all];
    return all.subarray(0, count);
  }

  take(count: number): Uint8Array {
    const taken = this.peek(count);
    const [first, ...rest] = this.#pieces;
    const left = first?.subarray(count);
    this.#pieces = left === undefined || left.length === 0 ? rest : [left, ...rest];
    this.#length -= count;
    return taken;
  }
}
