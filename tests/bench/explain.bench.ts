import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledModelsDir, readModelFiles } from '../../server/inference/model-files.ts';
import { nativeRuntime, wasmRuntime } from '../../server/inference/node-runtimes.ts';
import { nodeSha256 } from '../../server/inference/open-pipeline.ts';
import { camOf } from '../../shared/inference/cam.ts';
import { integratedGradients } from '../../shared/inference/integrated-gradients.ts';
import { goldenField } from '../../shared/model/golden.ts';
import { type GradientSession, openGradient } from '../../shared/model/gradient-session.ts';
import type { StartSession } from '../../shared/model/session.ts';
import { verifyModel } from '../../shared/model/verify-model.ts';
import { compileGradient, type GradientRequest } from '../../shared/onnx/compile-gradient.ts';
import { readModel } from '../../shared/onnx/read-model.ts';
import { quantile } from './measure.ts';

/**
 * `npm run bench:explain`: what explanations of the bundled classifier cost, as ratios to its forward run, interleaved in one
 * process; and integrated gradients against PyTorch's autograd on the same weights, where it is installed.
 */

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    python: { type: 'string', default: '/usr/bin/python3' },
    /** Another ONNX file, whose compile time is printed too. */
    compile: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const steps = 32;
const aims = { layer: 1.25, input: 3.5 };

const modelPath = `${bundledModelsDir}/cxr-pneumonia/model.onnx`;
const files = await readModelFiles(bundledModelsDir, 'cxr-pneumonia');
const { manifest, onnx } = await verifyModel(files, nodeSha256);
const [, , rows, columns] = manifest.input.shape;
const picture = goldenField(1, rows, columns, 1);
const logits = 'logits';

async function compiled(
  request: Omit<GradientRequest, 'output'>,
  start: StartSession,
): Promise<GradientSession> {
  return openGradient(compileGradient(onnx, { output: logits, ...request }), start);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Medians in milliseconds, of runs that take turns. */
async function interleaved(works: Readonly<Record<string, () => Promise<unknown>>>, count: number) {
  const times: Record<string, number[]> = {};
  for (let round = -2; round < count; round += 1) {
    for (const [name, work] of Object.entries(works)) {
      const ms = await timed(work);
      if (round >= 0) (times[name] ??= []).push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, quantile(all, 0.5)]));
}

async function benchRuntime(name: string, start: StartSession): Promise<void> {
  const forward = await start({
    bytes: onnx,
    inputNames: [manifest.input.name],
    outputNames: [logits],
  });
  const layer = await compiled({ layer: manifest.targetLayer, wantInput: false }, start);
  const input = await compiled({ wantLayer: false, wantInput: true }, start);
  const cotangent = Float32Array.of(1);
  const ms = await interleaved(
    {
      forward: () => forward.run(picture),
      layer: async () => {
        const { activation, activationGradient } = await layer.run(picture.data, cotangent);
        return camOf('gradcam', activation!, activationGradient!);
      },
      input: () => input.run(picture.data, cotangent),
    },
    rounds,
  );
  const ratio = (what: 'layer' | 'input'): string => {
    const found = ms[what]! / ms['forward']!;
    return `${found.toFixed(2)} × forward (aim ${aims[what]})`;
  };
  console.log(`${name}: forward ${ms['forward']!.toFixed(1)} ms`);
  console.log(`  Grad-CAM at the last layer   ${ratio('layer')}`);
  console.log(`  gradient of the input        ${ratio('input')}`);
  for (const session of [forward, layer, input]) await session.release();
}

async function benchIntegratedGradients(): Promise<void> {
  const threads = availableParallelism();
  const start = await nativeRuntime(threads);
  const size = picture.data.length;
  let best: { ms: number; batch: number; gap: number } | undefined;
  for (const batch of [1, 4, 8, 16, 32]) {
    const session = await compiled(
      { wantLayer: false, wantInput: true, inputDims: [batch, 1, rows, columns] },
      start,
    );
    let gap = 0;
    const run = async () => {
      const found = await integratedGradients(
        session,
        picture.data,
        new Float32Array(size),
        Float32Array.of(1),
        steps,
      );
      gap = found.completenessGap;
    };
    const { run: ms } = await interleaved({ run }, 5);
    if (best === undefined || ms! < best.ms) best = { ms: ms!, batch, gap };
    await session.release();
  }
  const { ms, batch, gap } = best!;
  console.log(
    `integrated gradients, ${steps} steps, ${threads} threads: ${ms.toFixed(0)} ms in batches of ${batch}, completeness gap ${(gap * 100).toFixed(2)} %`,
  );
  const script = fileURLToPath(new URL('explain_torch.py', import.meta.url));
  const args = [script, modelPath, logits, String(steps), '5', String(threads)];
  const torch = spawnSync(options.python, args, { encoding: 'utf8' });
  if (torch.status !== 0) {
    console.log('  PyTorch is not installed here: no comparison');
    return;
  }
  const theirs = JSON.parse(torch.stdout) as { ms: number; batch: number; threads: number; version: string };
  console.log(
    `  PyTorch ${theirs.version}, ${theirs.threads} threads: ${theirs.ms.toFixed(0)} ms in batches of ${theirs.batch}; ours takes ${(ms / theirs.ms).toFixed(2)} × as long (aim at most 1)`,
  );
}

function benchCompile(path: string): void {
  const bytes = new Uint8Array(readFileSync(path));
  const [output] = readModel(bytes).outputs as [string];
  const times = Array.from({ length: 3 }, () => {
    const started = performance.now();
    compileGradient(bytes, { output, wantInput: true });
    return performance.now() - started;
  });
  console.log(
    `compiling ${path} (${(bytes.length / 1e6).toFixed(1)} MB): ${(quantile(times, 0.5) / 1000).toFixed(2)} s, the first time ${(times[0]! / 1000).toFixed(2)} s`,
  );
}

for (const path of [modelPath, options.compile]) if (path !== undefined) benchCompile(path);
await benchRuntime('native, 1 thread', await nativeRuntime());
await benchRuntime('WebAssembly, 1 thread', await wasmRuntime());
await benchIntegratedGradients();
