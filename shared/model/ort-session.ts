import { AppError, describeThrown } from '../kernel/errors.ts';
import type { ModelSession, Runtime, StartSession, Tensor } from './session.ts';

/** The part of an onnxruntime namespace that is used; onnxruntime-node, -web and -web/webgpu all have it. */
export interface OrtNamespace {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: OrtSessionOptions): Promise<OrtInferenceSession>;
  };
}

interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  getData(): Promise<unknown>;
  dispose(): void;
}

interface OrtInferenceSession {
  run(feeds: Record<string, OrtTensor>, fetches: readonly string[]): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

/** A provider by name, or with what it needs: WebGPU a device. */
type OrtProvider = Runtime['backend'] | { readonly name: 'webgpu'; readonly device: unknown };

interface OrtSessionOptions {
  readonly executionProviders: readonly OrtProvider[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly graphOptimizationLevel: 'all';
  readonly logSeverityLevel: 3;
}

async function copyOut(name: string, tensor: OrtTensor): Promise<Tensor> {
  const data = await tensor.getData();
  if (!(data instanceof Float32Array)) {
    throw new AppError('model.bad-output', `output ${name} is ${tensor.type}, not float32`);
  }
  return { dims: [...tensor.dims], data: data.slice() };
}

/** Adapts a runtime's namespace to the port; the caller chooses and configures the runtime. */
export function ortSessions(
  ort: OrtNamespace,
  runtime: Runtime,
  provider: OrtProvider = runtime.backend,
): StartSession {
  return async ({ bytes, inputNames, outputNames }) => {
    let session: OrtInferenceSession;
    try {
      session = await ort.InferenceSession.create(bytes, {
        executionProviders: [provider],
        intraOpNumThreads: runtime.threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
    } catch (cause) {
      throw new AppError('model.load-failed', `${runtime.name}: ${describeThrown(cause)}`, { cause });
    }
    return wrap(ort, session, runtime, inputNames, outputNames);
  };
}

function wrap(
  ort: OrtNamespace,
  session: OrtInferenceSession,
  runtime: Runtime,
  inputNames: readonly string[],
  outputNames: readonly string[],
): ModelSession {
  async function runOnce(inputs: readonly Tensor[]): Promise<ReadonlyMap<string, Tensor>> {
    if (inputs.length !== inputNames.length) throw new TypeError(`${inputNames.length} inputs are needed`);
    let feeds: Record<string, OrtTensor> = {};
    let fetched: Record<string, OrtTensor> = {};
    try {
      feeds = Object.fromEntries(
        inputs.map(({ data, dims }, index) => [inputNames[index]!, new ort.Tensor('float32', data, dims)]),
      );
      fetched = await session.run(feeds, outputNames);
      const outputs = new Map<string, Tensor>();
      for (const name of outputNames) {
        const tensor = fetched[name];
        if (tensor === undefined) throw new AppError('model.bad-output', `output ${name} is missing`);
        outputs.set(name, await copyOut(name, tensor));
      }
      return outputs;
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('model.run-failed', `${runtime.name}: ${describeThrown(cause)}`, { cause });
    } finally {
      for (const tensor of [...Object.values(feeds), ...Object.values(fetched)]) tensor.dispose();
    }
  }

  // WebGPU sessions reject overlapping runs; a chain that never rejects keeps one failure from poisoning the next call.
  let previous: Promise<unknown> = Promise.resolve();
  return {
    runtime,
    run(...inputs) {
      const current = previous.then(() => runOnce(inputs));
      previous = current.catch(() => undefined);
      return current;
    },
    release: () => session.release(),
  };
}
