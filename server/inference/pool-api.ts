import type { Analysis } from '../../shared/api/analysis.ts';
import type { ExplainMethod } from '../../shared/api/explanation.ts';
import type { ZipEntry } from '../../shared/imaging/archive/zip-directory.ts';
import type { ErrorCode } from '../../shared/kernel/errors.ts';
import type { Runtime } from '../../shared/model/session.ts';

/** Where an image comes from: its bytes, a path that the child opens itself, an entry of an archive, or nowhere and why. */
export type ReadSource =
  | { readonly bytes: Uint8Array }
  | { readonly path: string; readonly entry?: ZipEntry }
  | { readonly problem: ErrorCode; readonly detail: string };

/** One image to read. */
export interface ReadJob {
  readonly source: ReadSource;
  /** Shown as `file` in the analysis. */
  readonly file?: string;
  /** Explanations beyond the Grad-CAM of every finding, each with a judgement of its worth. */
  readonly explain?: readonly ExplainMethod[];
  readonly wantOverlay?: boolean;
  readonly wantMask?: boolean;
}

export interface ReadReply {
  readonly analysis: Analysis;
  /** PNG files of the image's size; absent when not asked for or when the image was refused. */
  readonly overlays?: readonly { readonly name: string; readonly png: Uint8Array }[];
  readonly maskPng?: Uint8Array;
}

/** What a child found when it checked the bundled models. */
export interface ModelStatus {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly runtime: Runtime;
  readonly maxError: number;
  readonly values: number;
  readonly rejectedRuntimes: readonly string[];
}

/**
 * Reads images in child processes, so that the caller's event loop stays free.
 * `ready` settles once every child has checked the models; it rejects with `model.*` when they cannot be used.
 * `read` rejects with `inference.busy` (queue full), `inference.timeout`, `inference.worker-died`, or `model.*`; a refused image is
 * a reply. Jobs are started in the order in which they were given. After `close` every open job is rejected.
 */
export interface InferencePool {
  readonly size: number;
  ready(): Promise<readonly ModelStatus[]>;
  read(job: ReadJob): Promise<ReadReply>;
  /** Waiting and running jobs, and children that were started again. */
  load(): { readonly waiting: number; readonly running: number; readonly restarts: number };
  close(): Promise<void>;
}
