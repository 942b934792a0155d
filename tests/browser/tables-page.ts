import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AppError, isErrorCode } from '../../shared/kernel/errors.ts';
import type { DeviceIdentity } from '../../shared/log/device-store.ts';
import type { DeviceTables } from '../../shared/log/device-tables.ts';
import { buildInto } from '../../web/build/build-into.ts';
import { openBrowser } from './open-browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';

const root = fileURLToPath(new URL('../fixtures/records-page', import.meta.url));

interface Answered {
  readonly answer?: unknown;
  readonly code?: string;
  readonly message?: string;
}

interface PageGlobals {
  openTables(keyHex: string, identity: DeviceIdentity | undefined): Promise<Answered>;
  callTables(method: string, args: readonly unknown[]): Promise<Answered>;
}

function answerOf({ answer, code, message = '' }: Answered): unknown {
  if (code === undefined) return answer;
  throw isErrorCode(code) ? new AppError(code, message) : new Error(message);
}

/** The page's store of records in a real browser, for tests that run outside of it. */
export interface TablesServer {
  readonly browser: Browser;
  openPage(context: BrowserContext): Promise<Page>;
  close(): Promise<void>;
}

export async function serveTables(): Promise<TablesServer> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-tables-'));
  await buildInto(folder, { root });
  const [server, browser]: [PageServer, Browser] = await Promise.all([startPageServer(), openBrowser()]);
  server.show(folder);
  return {
    browser,
    async openPage(context) {
      const page = await context.newPage();
      await page.goto(server.address);
      return page;
    },
    async close() {
      await browser.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The tables as this page keeps them. @throws AppError as the page does */
export async function tablesOf(page: Page, keyHex: string, identity?: DeviceIdentity): Promise<DeviceTables> {
  answerOf(
    await page.evaluate(([key, given]) => (globalThis as unknown as PageGlobals).openTables(key, given), [
      keyHex,
      identity,
    ] as const),
  );
  const call =
    (method: keyof DeviceTables) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      const answer = answerOf(
        await page.evaluate(
          ([name, given]) => (globalThis as unknown as PageGlobals).callTables(name, given),
          [method, args] as const,
        ),
      );
      return method === 'rows' ? new Map(answer as [string, unknown][]) : answer;
    };
  const lent = methods.map((method) => [method, call(method)]);
  return Object.fromEntries(lent) as DeviceTables;
}

const methods = [
  'state',
  'entries',
  'bodies',
  'heads',
  'queued',
  'chain',
  'heldAfter',
  'waiting',
  'aside',
  'rows',
  'rowsAfter',
  'receipts',
  'blobs',
  'counts',
  'commit',
] as const satisfies readonly (keyof DeviceTables)[];
