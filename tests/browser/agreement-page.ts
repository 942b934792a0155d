import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { buildInto } from '../../web/build/build-into.ts';
import type { Backend } from '../../web/engine/engine-state.ts';
import type { Answers } from './compare-answers.ts';
import { openBrowser } from './open-browser.ts';
import { startPageServer } from './page-server.ts';
import { withModels } from './with-models.ts';

const root = fileURLToPath(new URL('../fixtures/agreement-page', import.meta.url));

export interface AgreementPage {
  decode(file: Uint8Array): Promise<string>;
  compute(backend: Backend, threads: number, seeds: readonly number[]): Promise<Answers>;
  close(): Promise<void>;
}

interface PageGlobals {
  decode(base64: string): Promise<string>;
  compute(backend: Backend, threads: number, seeds: readonly number[]): Promise<Answers>;
}

/** Builds the page that hands out raw numbers into `folder` and opens it in a browser of its own. */
export async function openAgreementPage(
  folder: string,
  { modelsDir, browserArgs = [] }: { modelsDir?: string; browserArgs?: readonly string[] } = {},
): Promise<AgreementPage> {
  await withModels(modelsDir, () => buildInto(folder, { root }));
  const [server, browser] = await Promise.all([startPageServer(), openBrowser(browserArgs)]);
  server.show(folder);
  const fresh = async () => {
    const page = await browser.newPage();
    await page.goto(server.address);
    return page;
  };
  let decoding: Promise<Page> | undefined;
  return {
    async decode(file) {
      decoding ??= fresh();
      const base64 = Buffer.from(file).toString('base64');
      return (await decoding).evaluate((text) => (globalThis as unknown as PageGlobals).decode(text), base64);
    },
    // A page of its own: the number of threads is fixed when a runtime starts.
    async compute(backend, threads, seeds) {
      const page = await fresh();
      const answers = await page.evaluate(
        ([wanted, count, each]) => (globalThis as unknown as PageGlobals).compute(wanted, count, each),
        [backend, threads, seeds] as const,
      );
      await page.close();
      return answers;
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}
