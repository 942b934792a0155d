import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { buildInto } from '../../../web/build/build-into.ts';
import { openBrowser } from '../../browser/open-browser.ts';
import { startPageServer } from '../../browser/page-server.ts';
import type { DicomAnswer } from '../../fixtures/answer-dicom.ts';
import type { Answering } from './answer-in-node.ts';

interface PageGlobals {
  answerFile(address: string): Promise<DicomAnswer>;
}

const root = fileURLToPath(new URL('../../fixtures/dicom-page', import.meta.url));

/** Reads files by the shared code in Chromium; a page that hangs or dies is replaced. */
export async function answerInBrowser(): Promise<Answering> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-dicom-'));
  await buildInto(folder, { root });
  const [server, browser] = await Promise.all([startPageServer(), openBrowser()]);
  server.show(folder);
  let page: Page | undefined;

  async function open(): Promise<Page> {
    const opened = await browser.newPage();
    await opened.goto(server.address);
    return opened;
  }

  return {
    async answer(path, timeoutMs) {
      const reader = (page ??= await open());
      await reader.route('**/case', (route) =>
        route.fulfill({ path, contentType: 'application/octet-stream' }),
      );
      const { promise: late, reject } = Promise.withResolvers<never>();
      // Handing the file to the page takes its own time.
      const timer = setTimeout(() => reject(new Error(`nothing after ${timeoutMs} ms`)), 2 * timeoutMs);
      const crashed = (): void => reject(new Error('the page crashed'));
      reader.once('crash', crashed);
      try {
        return await Promise.race([
          late,
          reader.evaluate(() => (globalThis as unknown as PageGlobals).answerFile('/case')),
        ]);
      } catch (thrown) {
        page = undefined;
        void reader.close().catch(() => undefined);
        throw thrown;
      } finally {
        clearTimeout(timer);
        reader.off('crash', crashed);
        await reader.unroute('**/case').catch(() => undefined);
      }
    },
    async close() {
      await browser.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
