import { AppError } from '../../../kernel/errors.ts';

/**
 * A Huffman table (ISO 10918-1 C.2, F.2.2.3), opened out: the next 16 bits of the stream index it and give
 * `length << 8 | value`; 0 where no code starts with these bits.
 */
export type HuffmanTable = Uint16Array;

/** `counts` holds the number of codes of 1 … 16 bits (BITS), `values` their values in order (HUFFVAL). */
export function openHuffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const table = new Uint16Array(65536);
  let start = 0;
  let next = 0;
  for (let length = 1; length <= 16; length += 1) {
    const span = 2 ** (16 - length);
    for (let code = counts[length - 1] ?? 0; code > 0; code -= 1) {
      if (start + span > 65536)
        throw new AppError('image.damaged', 'a JPEG Huffman table has too many codes');
      table.fill((length << 8) | (values[next] ?? 0), start, start + span);
      start += span;
      next += 1;
    }
  }
  return table;
}
