import { AppError } from '../../shared/kernel/errors.ts';
import type { LoadedModel } from '../../shared/model/load-model.ts';
import { modelGradients } from '../../shared/model/model-gradients.ts';
import type { StartSession } from '../../shared/model/session.ts';
import { timeRun, tryRuntime } from '../../shared/model/try-runtime.ts';
import { type VerifiedModel, verifyModel } from '../../shared/model/verify-model.ts';
import { openGradientStore } from '../data/gradient-store.ts';
import type { OpenOptions, OpenProgress } from '../engine/analysis-api.ts';
import type { Backend, RuntimeTrial } from '../engine/engine-state.ts';
import { webSha256 } from './hub-chunks.ts';
import { runtimeParcels, wasmRuntime, webgpuRuntime } from './ort-web.ts';
import type { ParcelFetcher } from './parcel-fetcher.ts';

export interface OpenModel {
  readonly verified: VerifiedModel;
  readonly loaded: LoadedModel;
  readonly backend: Backend;
  readonly trials: readonly RuntimeTrial[];
}

/** Opens models one after the other; a runtime is fetched and started when the first model asks for it. */
export function createModelOpener(
  fetcher: ParcelFetcher,
  { threads, measure }: OpenOptions,
  onProgress: (progress: OpenProgress) => void,
) {
  const runtimes = new Map<Backend, Promise<StartSession>>();

  async function startRuntime(backend: Backend): Promise<StartSession> {
    const { buffer } = await fetcher.fetch(runtimeParcels[backend]);
    return backend === 'wasm' ? wasmRuntime(buffer, threads) : webgpuRuntime(buffer);
  }

  function runtime(backend: Backend): Promise<StartSession> {
    let started = runtimes.get(backend);
    if (started === undefined) {
      started = startRuntime(backend);
      runtimes.set(backend, started);
    }
    return started;
  }

  async function verified(name: string): Promise<VerifiedModel> {
    const [manifest, golden] = await Promise.all(
      ['manifest.json', 'golden.json'].map(async (file) =>
        parseJson(await fetcher.fetch(`models/${name}/${file}`)),
      ),
    );
    return verifyModel(
      { manifest, golden, onnx: await fetcher.fetch(`models/${name}/model.onnx`) },
      webSha256,
    );
  }

  /**
   * The first backend that passes the reference check, or with `measure` the fastest of those that pass.
   * @throws AppError `model.*`; `model.check-failed` names every trial in its details
   */
  return async function openModel(name: string, backends: readonly Backend[]): Promise<OpenModel> {
    const model = await verified(name);
    const trials: RuntimeTrial[] = [];
    let best: { loaded: LoadedModel; backend: Backend; runMs: number } | undefined;
    for (const backend of backends) {
      const setting = { backend, threads: backend === 'wasm' ? threads : 1 };
      const start = await runtime(backend).catch(rejectUnlessFatal);
      if ('rejected' in start) {
        trials.push({ ...setting, rejected: start.rejected });
        continue;
      }
      onProgress({ step: 'check', what: `${name} (${backend})` });
      const trial = await tryRuntime(model, start);
      if ('rejected' in trial) {
        trials.push({ ...setting, rejected: trial.rejected });
        continue;
      }
      if (measure) onProgress({ step: 'check', what: `${name} (${backend}), how fast` });
      const runMs = measure ? await timeRun(trial.session, model, () => performance.now()) : undefined;
      trials.push({ ...setting, ...(runMs !== undefined && { runMs: Math.round(runMs * 100) / 100 }) });
      const rejected = trials.flatMap((each) => each.rejected ?? []);
      const gradients = modelGradients(model, start, { cache: openGradientStore(), sha256: webSha256 });
      const loaded = { manifest: model.manifest, ...trial, gradients, rejected };
      if (runMs === undefined) return { verified: model, loaded, backend, trials };
      if (best === undefined || runMs < best.runMs) {
        await best?.loaded.session.release();
        best = { loaded, backend, runMs };
      } else {
        await trial.session.release();
      }
    }
    if (best !== undefined) return { verified: model, loaded: best.loaded, backend: best.backend, trials };
    const why = trials.map(({ rejected }) => rejected).join('; ');
    throw new AppError('model.check-failed', `${name}: ${why}`, { details: { model: name, trials } });
  };
}

/** A runtime that cannot start gives its turn to the next; what concerns the download concerns them all. */
function rejectUnlessFatal(cause: unknown): { readonly rejected: string } {
  if (cause instanceof AppError && cause.code !== 'device.unsupported') throw cause;
  return { rejected: cause instanceof Error ? cause.message : String(cause) };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new AppError('model.bad-manifest', 'not JSON', { cause });
  }
}
