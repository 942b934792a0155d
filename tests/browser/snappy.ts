/** Snappy's raw format (google/snappy, format_description.txt). Undefined for what is none. */
export function unsnappy(bytes: Uint8Array, mostBytes = 64 * 1024 * 1024): Uint8Array | undefined {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) return undefined;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length === 0 || length > mostBytes) return undefined;
  const whole = new Uint8Array(length);
  let filled = 0;
  const little = (count: number): number => {
    let value = 0;
    for (let index = 0; index < count; index++) value += (bytes[at++] ?? 0) * 2 ** (8 * index);
    return value;
  };
  while (filled < length) {
    const tag = bytes[at++];
    if (tag === undefined) return undefined;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const count = (short < 60 ? short : little(short - 59)) + 1;
      if (at + count > bytes.length || filled + count > length) return undefined;
      whole.set(bytes.subarray(at, at + count), filled);
      [at, filled] = [at + count, filled + count];
      continue;
    }
    const count = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = kind === 1 ? (tag >> 5) * 256 + little(1) : little(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > filled || filled + count > length) return undefined;
    for (let index = 0; index < count; index++, filled++) whole[filled] = whole[filled - offset]!;
  }
  return whole;
}
