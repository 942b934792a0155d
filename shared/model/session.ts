/** A float32 tensor, row-major in the order of `dims`. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What computed a number: it goes into every result. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  readonly backend: 'cpu' | 'wasm' | 'webgpu';
  readonly threads: number;
}

/**
 * One model, loaded and ready.
 *
 * `run` takes one tensor for each of the `inputNames`, in their order. It may be called again before an earlier call has
 * settled; calls are answered in order. The inputs' buffers belong to the caller again once the promise settles; outputs are copies that belong to the caller. Throws `AppError`
 * `model.run-failed` when the runtime fails, `model.bad-output` when an output that was declared does not come back as float32.
 * After `release` nothing may be called.
 */
export interface ModelSession {
  readonly runtime: Runtime;
  run(...inputs: readonly Tensor[]): Promise<ReadonlyMap<string, Tensor>>;
  release(): Promise<void>;
}

/**
 * Starts a session on one runtime. Throws `AppError` `model.load-failed`. The bytes are not kept nor changed.
 */
export type StartSession = (model: {
  readonly bytes: Uint8Array;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}) => Promise<ModelSession>;
