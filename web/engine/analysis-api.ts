import type { Analysis } from '../../shared/api/analysis.ts';
import type { Explanation } from '../../shared/api/explanation.ts';
import type { ExplanationRequest } from '../../shared/inference/explain-image.ts';
import type { Backend, CheckedModel, FetchProgress, RuntimeTrial } from './engine-state.ts';

/** What the page and the analysis worker say to each other; `worker-rpc.ts` carries it. One worker has one runtime setting. */

/** How to compute: for each model the backends that may be used, in order of preference. */
export interface OpenOptions {
  /** Threads of the WebAssembly runtime; 1 means none besides the worker itself. */
  readonly threads: number;
  readonly backends: Readonly<Record<string, readonly Backend[]>>;
  /** Also time every backend that passes, instead of taking the first. */
  readonly measure: boolean;
}

/** What was opened, for each model by name. */
export interface OpenReport {
  readonly models: readonly OpenedModel[];
  /** False when the chunks could not be written to this device. */
  readonly kept: boolean;
}

export interface OpenedModel extends CheckedModel {
  readonly trials: readonly RuntimeTrial[];
}

export interface AnalysisApi {
  /**
   * Fetches what is missing, verifies everything, starts the runtimes and checks them.
   * @throws AppError `model.*`, `network.unreachable`, `storage.*`, `device.*`
   */
  open(options: OpenOptions, onProgress: (progress: OpenProgress) => void): Promise<OpenReport>;
  /** Fetches parcels into the store without using them. Same errors as `open`. */
  prefetch(backend: Backend, onProgress: (progress: OpenProgress) => void): Promise<void>;
  /**
   * Reads one image. The buffer is transferred. After the result comes a small PNG, or undefined where there is no picture.
   * @throws AppError `model.run-failed`, `model.bad-output` – then the runtime is not to be trusted any more –, `device.gpu-lost`
   */
  analyse(file: ArrayBuffer, onThumbnail: (png: ArrayBuffer | undefined) => void): Promise<Analysis>;
  /**
   * Explains a result of an image that has been read. The buffer is transferred.
   * @throws AppError as `analyse`, and `onnx.*`, `model.check-failed`, `model.load-failed`: this map cannot be computed here
   */
  explain(file: ArrayBuffer, request: ExplanationRequest): Promise<Explanation>;
  /** Ends `explain` before its next run of a model; it rejects then. */
  stopExplaining(): Promise<void>;
  /** Bytes of memory that the worker holds, where it can know. */
  memoryBytes(): Promise<number | undefined>;
}

export type OpenProgress =
  | { readonly step: 'fetch'; readonly progress: FetchProgress; readonly waitingForNetwork: boolean }
  | { readonly step: 'check'; readonly what: string };
