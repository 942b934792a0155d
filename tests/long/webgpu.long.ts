import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgreementPage, openAgreementPage } from '../browser/agreement-page.ts';
import { compareAnswers, nativeAnswers } from '../browser/compare-answers.ts';
import { softwareGpu } from '../browser/open-browser.ts';

/**
 * The real models on WebGPU, computed by Chromium's imitation of a graphics processor: minutes instead of milliseconds.
 * Where the machine has a graphics processor, `FIELDRAY_GPU=real` uses that.
 */

const seeds = [101, 102, 103, 104, 105];
const real = process.env['FIELDRAY_GPU'] === 'real';

let folder: string;
let page: AgreementPage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldray-webgpu-'));
  const browserArgs = real ? ['--enable-unsafe-webgpu', '--enable-features=Vulkan'] : softwareGpu;
  page = await openAgreementPage(join(folder, 'page'), { browserArgs });
}, 120_000);
afterAll(async () => {
  await page.close();
  await rm(folder, { recursive: true });
});

it(`computes the models of this project as Node does, every output of ${2 * seeds.length} runs`, async () => {
  const reference = await nativeAnswers(undefined, seeds);
  const ours = await page.compute('webgpu', 1, seeds);
  compareAnswers(reference, ours);
  const values = Object.values(ours).flatMap((outputs) => Object.values(outputs).flat());
  expect(values.length).toBeGreaterThan(seeds.length * 160 * 160);
}, 3_000_000);
