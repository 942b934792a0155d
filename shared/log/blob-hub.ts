/** A file of a device: what it is called and what is in it. */
export interface BlobSource {
  /** Of all bytes, lower-case hex. */
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  bytes(from: number, to: number): Promise<Uint8Array>;
}

/** Where a file is kept that arrives piece by piece; what it holds survives the end of the program. */
export interface BlobSink {
  /** How many bytes are there. */
  held(): Promise<number>;
  bytes(from: number, to: number): Promise<Uint8Array>;
  append(bytes: Uint8Array): Promise<void>;
  /** It is whole and it is the one that was wanted: from now on it may be used. */
  finish(size: number): Promise<void>;
  /** Throws away what is there. */
  discard(): Promise<void>;
}

/**
 * The hub, for files.
 * @throws AppError `network.unreachable` where no whole answer came (the hub may have done what was asked), or the code of the
 * hub's refusal; `details.retryAfterMs` where the hub said when to come again
 */
export interface BlobHub {
  begin(
    blob: Pick<BlobSource, 'sha256' | 'size' | 'type'>,
  ): Promise<
    | { readonly kind: 'stored' }
    | { readonly kind: 'upload'; readonly location: string; readonly offset: number }
  >;
  /** How many bytes of an upload the hub holds; undefined when it knows no such upload, or it is complete. */
  offset(location: string): Promise<number | undefined>;
  /** @returns the next offset. @throws AppError also `blob.offset-mismatch`, `blob.no-upload` */
  append(location: string, offset: number, bytes: Uint8Array): Promise<number>;
  /** The bytes from `from` up to and without `to`, or to the end of the file, which has `size` bytes. */
  read(
    sha256: string,
    from: number,
    to: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly size: number }>;
}

export type BlobOutcome =
  /** The other side has it. */
  | { readonly kind: 'done' }
  /** It failed too often in a row, or was stopped; the next attempt goes on where this one was. */
  | { readonly kind: 'later'; readonly code: string }
  /** It will not be otherwise the next time. */
  | { readonly kind: 'refused'; readonly code: string };
