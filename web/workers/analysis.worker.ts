import '../pwa/trusted-urls.ts';
import './wasm-memory.ts';
import '../zod-without-eval.ts';
import { analyse, type PipelineContext } from '../../shared/inference/analyse.ts';
import { explainImage } from '../../shared/inference/explain-image.ts';
import { modelNames, pipelineModels } from '../../shared/inference/pipeline-models.ts';
import type { GrayImage } from '../../shared/imaging/gray-image.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { checkReference } from '../../shared/model/reference-check.ts';
import type { AnalysisApi, OpenedModel, OpenOptions, OpenProgress } from '../engine/analysis-api.ts';
import { programVersion } from '../engine/program-version.ts';
import { serve, transfer } from '../engine/worker-rpc.ts';
import { thumbnailSide } from '../engine/picture-api.ts';
import { fetchCodec } from './codec-urls.ts';
import { webSha256 } from './hub-chunks.ts';
import { interruptible } from './interruptible-model.ts';
import { createModelOpener, type OpenModel } from './open-models.ts';
import { runtimeParcels } from './ort-web.ts';
import { createParcelFetcher } from './parcel-fetcher.ts';
import { thumbnailOf } from './thumbnail-file.ts';
import { wasmMemoryBytes } from './wasm-memory.ts';

/** Reads images, one at a time. Everything it knows of the models it has fetched and checked itself. */

let models: readonly OpenModel[] = [];
let context: PipelineContext | undefined;
let explaining = new AbortController();
let timesChecked = 0;

function pipelineOf(opened: readonly OpenModel[]): PipelineContext {
  return {
    ...pipelineModels(opened.map(({ loaded }) => loaded)),
    loadCodec: fetchCodec,
    sha256: webSha256,
    now: () => performance.now(),
    wallClock: () => new Date(),
    programVersion,
  };
}

function reportOf({ loaded, backend, trials }: OpenModel): OpenedModel {
  const { name, version, sha256, bytes } = loaded.manifest;
  const { runtime } = loaded.session;
  const { cases, values, maxError } = loaded.check;
  return {
    name,
    version,
    sha256,
    bytes,
    runtime: { ...runtime, backend },
    check: { cases, values, maxError },
    trials,
  };
}

async function open(options: OpenOptions, onProgress: (progress: OpenProgress) => void) {
  const fetcher = createParcelFetcher(onProgress);
  const firstBackends = new Set(modelNames.map((name) => options.backends[name]?.[0] ?? 'wasm'));
  fetcher.plan([
    ...modelNames.flatMap((name) =>
      ['manifest.json', 'golden.json', 'model.onnx'].map((file) => `models/${name}/${file}`),
    ),
    ...[...firstBackends].map((backend) => runtimeParcels[backend]),
  ]);
  const openModel = createModelOpener(fetcher, options, onProgress);
  const opened: OpenModel[] = [];
  for (const name of modelNames) opened.push(await openModel(name, options.backends[name] ?? ['wasm']));
  models = opened;
  context = pipelineOf(opened);
  // Now rather than at the first image. Where it fails, each finding says that it has no map. Not beside other work: a GPU
  // runtime does one thing at a time.
  if (!options.measure) await context.classifier.gradients.layer().catch(() => undefined);
  await fetcher.tidy();
  return { models: opened.map(reportOf), kept: fetcher.allKept() };
}

/**
 * A GPU that was right at the start may be wrong later (onnxruntime#24070): after each image and explanation it repeats one of
 * the reference inputs, and only then the result counts.
 * @throws AppError `model.bad-output`
 */
async function checkGpuAgain(): Promise<void> {
  timesChecked += 1;
  for (const { backend, loaded, verified } of models) {
    if (backend !== 'webgpu') continue;
    const { golden } = verified;
    const one = { ...golden, cases: [golden.cases[timesChecked % golden.cases.length]!] };
    const check = await checkReference(loaded.session, loaded.manifest.input.shape, one);
    if (!check.passed) throw new AppError('model.bad-output', `not right any more: ${check.reason}`);
  }
}

function sendThumbnail(image: GrayImage | undefined, send: (png: ArrayBuffer | undefined) => void): void {
  const png = image && thumbnailOf(image, thumbnailSide).buffer;
  send(png && transfer(png, [png]));
}

const api: AnalysisApi = {
  open,
  async prefetch(backend, onProgress) {
    const fetcher = createParcelFetcher(onProgress);
    await fetcher.fetch(runtimeParcels[backend]);
  },
  async analyse(file, onThumbnail) {
    if (context === undefined) throw new TypeError('nothing is open');
    const { analysis, image } = await analyse(new Uint8Array(file), context);
    await checkGpuAgain();
    // When the result is on its way.
    setTimeout(() => sendThumbnail(image, onThumbnail));
    return analysis;
  },
  async explain(file, request) {
    if (context === undefined) throw new TypeError('nothing is open');
    explaining = new AbortController();
    const { signal } = explaining;
    const { lungs, classifier, loadCodec } = context;
    const explanation = await explainImage(new Uint8Array(file), request, {
      lungs: interruptible(lungs, signal),
      classifier: interruptible(classifier, signal),
      loadCodec,
    });
    await checkGpuAgain();
    return explanation;
  },
  stopExplaining: async () => explaining.abort(),
  memoryBytes: async () => wasmMemoryBytes(),
};
serve(api);
