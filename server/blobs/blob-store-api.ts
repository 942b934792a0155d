/** A file as it is known from outside: by the hash of its bytes. */
export interface BlobDescription {
  /** Of the plain bytes, lower-case hex. */
  readonly sha256: string;
  /** At least 1. */
  readonly size: number;
  /** A media type. */
  readonly type: string;
}

export interface BlobUpload extends BlobDescription {
  /** 64 hex digits that say nothing about the file. The same for everybody of the clinic who sends this file. */
  readonly id: string;
  /** How many bytes are held durably; the next one to send. */
  readonly offset: number;
}

export type BlobBeginning = { readonly kind: 'stored' } | ({ readonly kind: 'upload' } & BlobUpload);

/** The most bytes of one `append`. */
export const mostAppendBytes = 1024 * 1024;
/** The fewest, unless they are the last ones: each costs the hub a write that it waits for. */
export const leastAppendBytes = 4096;

/** Says whether a clinic may keep `size` bytes more. @throws AppError `storage.full` where it may not */
export type AdmitBlob = (clinic: string, size: number) => Promise<void>;

export interface RewrappedFiles {
  /** That can be opened. */
  readonly files: number;
  /** How many of them were under an older master key. */
  readonly rewrapped: number;
  /** Stored, and under no master key at hand or altered: they stay as they are. */
  readonly closed: number;
}

/**
 * Files of patients, encrypted at rest. A clinic never learns what another one has: every question names the clinic, and a
 * file of two clinics is kept twice. Whatever a call has answered is durable, also after a loss of power.
 */
export interface BlobStore {
  find(clinic: string, sha256: string): Promise<BlobDescription | undefined>;
  /**
   * Whoever sends the same file goes on where the other one is.
   * @throws AppError `storage.full`
   */
  begin(clinic: string, blob: BlobDescription): Promise<BlobBeginning>;
  /** Undefined when it is not known, was given up or is complete. `offset` can be smaller than it was, never larger. */
  upload(clinic: string, id: string): Promise<BlobUpload | undefined>;
  /**
   * All of `bytes` or, when it throws, some of it: `upload` then says how much. The file exists once its last byte has come
   * and the whole hash agrees.
   * @param bytes from `leastAppendBytes` to `mostAppendBytes`
   * @returns the next offset; equal to the size when the file is complete
   * @throws AppError `blob.no-upload`, `blob.offset-mismatch`, `blob.hash-mismatch` (the upload is over), `storage.full`,
   * `request.invalid` for too few or too many bytes
   */
  append(clinic: string, id: string, offset: number, bytes: Uint8Array): Promise<number>;
  /**
   * The bytes from `from` up to and without `to`, in pieces. Only what is proven to be as it was stored is given out.
   * @throws AppError `blob.unknown`, `blob.damaged`, from the first piece on
   */
  read(clinic: string, sha256: string, from: number, to: number): AsyncGenerator<Uint8Array>;
  /** Nothing happens where there is none. */
  remove(clinic: string, sha256: string): Promise<void>;
  /** Gives up uploads of all clinics that nobody has gone on with since. @returns how many */
  expire(sinceMs: number): Promise<number>;
  /**
   * Wraps the keys of all files, arriving ones too, by the present master key.
   * @param beforeEach called before each file; what it throws ends the work
   */
  rewrap(beforeEach?: () => void): Promise<RewrappedFiles>;
}
