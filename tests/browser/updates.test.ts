import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildInto } from '../../web/build/build-into.ts';
import { readingLock } from '../../web/engine/reading-lock.ts';
import { mayGoWithout, openBrowser } from './open-browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';

const root = fileURLToPath(new URL('../fixtures/update-page', import.meta.url));

let folder: string;
let browser: Browser;
let server: PageServer;
let context: BrowserContext;
let complaints: string[];

const built = (name: string): string => join(folder, name);
const status = (page: Page): Promise<string> => page.evaluate('updates.getSnapshot()');
const apply = (page: Page): Promise<string> => page.evaluate('updates.applyUpdate()');
const lookForUpdate = (page: Page): Promise<void> =>
  page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");

/** Playwright's own waiting is an `eval`, which the page refuses. */
async function until(page: Page, wanted: string): Promise<void> {
  await expect.poll(() => status(page), { timeout: 15_000 }).toBe(wanted);
}

/** Applies the update and waits until the page has loaded again, which leaves the call without its answer. */
async function applyAndReload(page: Page): Promise<void> {
  const applied = apply(page).catch(() => 'reloaded');
  await page.waitForEvent('load');
  expect(await applied).toBe('reloaded');
}

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.address);
  return page;
}

/** A tab that has been visited long enough to do without the network. */
async function openReadyTab(): Promise<Page> {
  const page = await openTab();
  await until(page, 'offline-ready');
  return page;
}

describe.skipIf(mayGoWithout)('a page that is kept on the device', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-updates-'));
    for (const name of ['first', 'second']) {
      await buildInto(built(name), { root, define: { buildName: JSON.stringify(name) } });
    }
    [server, browser] = await Promise.all([startPageServer(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    complaints = [];
    server.show(built('first'));
    server.failOn(undefined);
    context = await browser.newContext();
  });
  afterEach(() => context.close());

  it('opens without the hub after one visit, isolated as before, its workers too', async () => {
    const page = await openReadyTab();
    await server.stop();
    await page.goto(`${server.address}some/screen`);
    expect(await page.title()).toBe('first');
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    expect(
      await page.evaluate(
        'new Promise((resolve) => { startWorker().onmessage = ({ data }) => resolve(data); })',
      ),
    ).toBe(true);
    await expect(page.evaluate("new Worker('/api/v1/health/')")).rejects.toThrow('not allowed here');
    await expect(page.evaluate("document.body.innerHTML = '<b>x</b>'")).rejects.toThrow('not allowed here');
    await until(page, 'offline-ready');
    await server.start();
    expect(complaints).toEqual([]);
  });

  it('does not answer for the hub: what is under /api/ is not the shell', async () => {
    const page = await openReadyTab();
    const answer = await page.goto(`${server.address}api/v1/nothing`);
    expect(answer?.status()).toBe(404);
  });

  it('offers an update and puts it in only when asked, and in this tab', async () => {
    const [page, other] = [await openReadyTab(), await openReadyTab()];
    server.show(built('second'));
    await lookForUpdate(page);
    await Promise.all([until(page, 'update-waiting'), until(other, 'update-waiting')]);
    await page.reload();
    await until(page, 'update-waiting');
    expect(await page.title()).toBe('first');

    await applyAndReload(page);
    expect(await page.title()).toBe('second');
    await until(page, 'offline-ready');
    await until(other, 'updated-elsewhere');
    expect(await other.title()).toBe('first');
    await applyAndReload(other);
    expect(await other.title()).toBe('second');
    expect(complaints).toEqual([]);
  });

  it('puts no update in while an image is read in any tab', async () => {
    const [page, reader] = [await openReadyTab(), await openReadyTab()];
    expect(await apply(page)).toBe('applied');
    expect(await page.title()).toBe('first');
    server.show(built('second'));
    await lookForUpdate(page);
    await until(page, 'update-waiting');
    await reader.evaluate(
      `new Promise((held) => navigator.locks.request('${readingLock}', () => (held(), new Promise(() => {}))))`,
    );
    expect(await apply(page)).toBe('busy');
    expect(await status(page)).toBe('update-waiting');
    expect(await status(reader)).toBe('update-waiting');

    await reader.close();
    // The browser lets go of a closed tab's lock a moment later.
    await expect.poll(() => page.evaluate('navigator.locks.query().then(({ held }) => held)')).toEqual([]);
    await applyAndReload(page);
    expect(await page.title()).toBe('second');
  });

  it('finds an update again whose fetching was cut off', async () => {
    const page = await openReadyTab();
    server.show(built('second'));
    server.failOn(/^\/assets\//);
    const failed = page.evaluate(
      "new Promise((resolve) => navigator.serviceWorker.ready.then((r) => r.addEventListener('updatefound', () => r.installing.addEventListener('statechange', ({ target }) => resolve(target.state)))))",
    );
    await lookForUpdate(page);
    expect(await failed).toBe('redundant');
    expect(await status(page)).toBe('offline-ready');

    server.failOn(undefined);
    await lookForUpdate(page);
    await until(page, 'update-waiting');
  });
});
