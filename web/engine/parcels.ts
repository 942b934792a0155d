/**
 * A large file that the page fetches apart from its shell: a model, its reference values, a runtime. It is cut into
 * chunks, each served under its own hash, so that a fetch can stop anywhere and go on later.
 */
export interface Parcel {
  readonly name: string;
  /** SHA-256 of the whole file, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly chunks: readonly ParcelChunk[];
}

export interface ParcelChunk {
  readonly sha256: string;
  readonly bytes: number;
}

/** Where the hub serves a chunk. The name says what must be in it, so it may be kept for ever. */
export function chunkPath(sha256: string): string {
  return `/parcels/${sha256}.bin`;
}
