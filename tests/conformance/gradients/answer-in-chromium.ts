import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { buildInto } from '../../../web/build/build-into.ts';
import { openBrowser, softwareGpu } from '../../browser/open-browser.ts';
import { startPageServer } from '../../browser/page-server.ts';
import type { ArrayName, Question } from '../../fixtures/answer-gradients.ts';
import type { Tensor } from '../../../shared/model/session.ts';
import {
  parcelTensor,
  type SentQuestion,
  type SentTensor,
  unparcelTensor,
} from '../../fixtures/sent-tensor.ts';

export type Answer = (question: Question) => Promise<ReadonlyMap<ArrayName, Tensor>>;

interface PageGlobals {
  answer(question: SentQuestion): Promise<[ArrayName, SentTensor][]>;
  placements(models: readonly string[]): Promise<(string | undefined)[]>;
}

export interface GradientPage {
  readonly answer: Answer;
  /** For each model why WebGPU would leave a part of it to the processor; undefined when it does not. */
  placements(models: readonly Uint8Array[]): Promise<readonly (string | undefined)[]>;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../../fixtures/gradient-page', import.meta.url));

/**
 * Computes cases by WebGPU in Chromium, with the page's own runtime and nothing to fall back to. The adapter is a software one
 * unless `FIELDRAY_GPU=real`.
 */
export async function answerInChromium(): Promise<GradientPage> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-gradients-'));
  await buildInto(folder, { root });
  const isReal = process.env['FIELDRAY_GPU'] === 'real';
  const browserArgs = isReal ? ['--enable-unsafe-webgpu', '--enable-features=Vulkan'] : softwareGpu;
  const [server, browser] = await Promise.all([startPageServer(), openBrowser(browserArgs)]);
  server.show(folder);
  async function onPage<Result>(work: (page: Page) => Promise<Result>): Promise<Result> {
    const page = await browser.newPage();
    await page.goto(server.address);
    try {
      return await work(page);
    } finally {
      await page.close();
    }
  }
  return {
    placements: (models) =>
      onPage((page) =>
        page.evaluate(
          (each) => (globalThis as unknown as PageGlobals).placements(each),
          models.map((model) => Buffer.from(model).toString('base64')),
        ),
      ),
    async answer({ model, output, layer, input, target, steps }) {
      const question: SentQuestion = {
        model: Buffer.from(model).toString('base64'),
        output,
        ...(layer !== undefined && { layer }),
        input: parcelTensor(input),
        target: 'mask' in target ? { mask: parcelTensor(target.mask) } : target,
        ...(steps !== undefined && { steps }),
      };
      const answers = await onPage((page) =>
        page.evaluate((each) => (globalThis as unknown as PageGlobals).answer(each), question),
      );
      return new Map(answers.map(([name, tensor]) => [name, unparcelTensor(tensor)]));
    },
    async close() {
      await browser.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
