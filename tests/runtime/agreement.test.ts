import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { nativeRuntime, wasmRuntime } from '../../server/inference/node-runtimes.ts';
import { openPipeline } from '../../server/inference/open-pipeline.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { analyse, type PipelineContext, type Reading } from '../../shared/inference/analyse.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { maskAtImageSize } from '../../shared/inference/segment-lungs.ts';
import type { StartSession } from '../../shared/model/session.ts';

/** The same file through the native runtime and through WebAssembly, as the browser will run it. */

const handbook = '../shared/data/samples';
const samples = existsSync(handbook) ? globSync(`${handbook}/*/*/*`).toSorted() : [];
let native: PipelineContext;
let wasm: PipelineContext;

beforeAll(async () => {
  native = await openPipeline(bundledModelsDir, [await nativeRuntime()]);
  wasm = await openPipeline(bundledModelsDir, [await wasmRuntime()]);
});

function expectAgreement(a: Reading, b: Reading): void {
  expect(a.analysis.provenance.models[0]?.runtime.backend).toBe('cpu');
  expect(b.analysis.provenance.models[0]?.runtime.backend).toBe('wasm');
  expect(a.analysis.intake).toEqual(b.analysis.intake);
  expect(a.analysis.findings.length).toBeGreaterThan(0);
  for (const [index, finding] of a.analysis.findings.entries()) {
    // The figure that the project promises: logits within 1e-3.
    expect(Math.abs(finding.logit - b.analysis.findings[index]!.logit)).toBeLessThan(1e-3);
  }
  const { width, height } = a.image!;
  const [maskA, maskB] = [a, b].map(({ lungs }) => maskAtImageSize(lungs!, width, height));
  const alike = maskA!.reduce((count, value, index) => count + (value === maskB![index] ? 1 : 0), 0);
  expect(alike / maskA!.length).toBeGreaterThanOrEqual(0.999);
}

it('falls back to WebAssembly when the native runtime does not start, and says so in the result', async () => {
  const broken: StartSession = async () => {
    throw new AppError('model.load-failed', 'the native library is missing');
  };
  const fallback = await openPipeline(bundledModelsDir, [broken, await wasmRuntime()]);
  const { analysis } = await analyse(phantomFile({ width: 256, height: 232 }), fallback);
  expect(analysis.findings).toHaveLength(1);
  expect(
    analysis.provenance.models.map(({ runtime, rejectedRuntimes }) => [runtime.backend, rejectedRuntimes]),
  ).toEqual([
    ['wasm', ['the native library is missing']],
    ['wasm', ['the native library is missing']],
  ]);
});

describe('native and WebAssembly runtime', () => {
  it.each([1, 2, 3])('agree on phantom %i', async (seed) => {
    const file = phantomFile({ width: 384, height: 352, seed, opacity: seed % 2 === 0 });
    expectAgreement(await analyse(file, native), await analyse(file, wasm));
  });

  it.skipIf(samples.length === 0)('agree on X-rays of the handbook (skipped without ../shared)', async () => {
    const chosen = samples.filter((_, index) => index % 4 === 0);
    expect(chosen.length).toBeGreaterThanOrEqual(5);
    for (const path of chosen) {
      const file = await readFile(path);
      expectAgreement(await analyse(file, native), await analyse(file, wasm));
    }
  });
});
