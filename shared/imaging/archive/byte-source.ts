/** A file of which parts can be read: an archive is never in memory whole. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `offset`, or fewer where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}
