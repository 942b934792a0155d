import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openBrowser } from './open-browser.ts';
import { startPageServer } from './page-server.ts';

const buildScript = fileURLToPath(new URL('../../web/build/build-page.ts', import.meta.url));

/** For what a page does in its own time: seconds on a machine that is busy. */
export function eventually<Value>(ask: () => Promise<Value>): ReturnType<typeof expect.poll<Promise<Value>>> {
  return expect.poll(ask, { timeout: 20_000 });
}

/** The page as people get it, built anew if anything of it has changed. @returns its folder */
export function buildPage(): string {
  execFileSync(process.execPath, [buildScript, '--if-stale']);
  return fileURLToPath(new URL('../../dist/web', import.meta.url));
}

/** One browser and the page as a hub gives it, for all tests of a file. */
export interface ServedPage {
  readonly browser: Browser;
  readonly address: string;
  /** Paths that answer with an error from now on. */
  failOn(path: RegExp | undefined): void;
  close(): Promise<void>;
}

export async function servePage(): Promise<ServedPage> {
  const folder = buildPage();
  const [server, browser] = await Promise.all([startPageServer(), openBrowser()]);
  server.show(folder);
  return {
    browser,
    address: server.address,
    failOn: (path) => server.failOn(path),
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

/** What a person does with the page, by the words that stand on it. */
export interface FieldrayPage {
  readonly page: Page;
  /** Everything its console, its errors and its policy had to say. */
  readonly complaints: string[];
}

/** Said by browsers without a graphics processor, and of pages whose hub is gone: neither is a mistake of the page. */
const expected =
  /No available adapters|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH_MISMATCH|powerPreference/;

export async function openFieldray(context: BrowserContext, address: string): Promise<FieldrayPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isComplaint = message.type() === 'error' || message.type() === 'warning';
    if (isComplaint && !expected.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => complain('policy: ' + event.violatedDirective))",
  );
  await page.goto(address);
  return { page, complaints };
}

/** The state of the engine, as the masthead says it. */
export async function untilReady(
  page: Page,
  words: RegExp = /Ready · works without a network/,
): Promise<void> {
  await page.locator('.masthead').getByText(words).first().waitFor({ timeout: 60_000 });
}

export interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** For everything of Playwright that takes files. */
export function asPayload({ name, bytes }: ChosenFile) {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
}

export async function choose(page: Page, name: string, file: Uint8Array): Promise<void> {
  await chooseAll(page, [{ name, bytes: file }]);
}

export async function chooseAll(page: Page, files: readonly ChosenFile[]): Promise<void> {
  await page.setInputFiles('#file', files.map(asPayload));
}

export function rowOf(page: Page, name: string) {
  return page.locator('.row', { hasText: name });
}

/** Waits until the list says that the file has been dealt with, and returns what it says. */
export async function untilListed(
  page: Page,
  name: string,
  words: RegExp,
  timeout = 60_000,
): Promise<string> {
  const row = rowOf(page, name).first();
  await row.filter({ hasText: words }).waitFor({ timeout });
  // What is out of sight is not laid out, and has no inner text.
  return (await row.locator('.row-name, .row-state').allTextContents()).join('\n');
}

/** Opens the result from the list and waits for its heading. */
export async function openResult(page: Page, name: string): Promise<string> {
  await rowOf(page, name).first().locator('a').click();
  await page.locator('#result h2', { hasText: name }).waitFor();
  await page.locator('#result .reading').waitFor();
  return (await page.locator('#result').innerText()).replaceAll('\u00a0', ' ');
}

/** Grey levels of the picture on the screen, row by row; what the page draws in a worker can be seen through a copy only. */
export async function greyOnScreen(page: Page, row: number): Promise<number[]> {
  const read = (wanted: number): number[] => {
    const shown = document.querySelector<HTMLCanvasElement>('.viewer-stage canvas')!;
    const copy = document.createElement('canvas');
    copy.width = shown.width;
    copy.height = shown.height;
    const context = copy.getContext('2d')!;
    context.drawImage(shown, 0, 0);
    return [...context.getImageData(0, wanted, shown.width, 1).data].filter((_, index) => index % 4 === 0);
  };
  let grey: number[] = [];
  await eventually(async () => {
    grey = await page.evaluate(read, row);
    return Math.max(...grey);
  }).toBeGreaterThan(0);
  return grey;
}

/** Where the picture lies on its stage, in CSS pixels. */
export async function sceneOf(page: Page): Promise<{ zoom: number; x: number; y: number }> {
  const { a, e, f } = await page.locator('.viewer-scene').evaluate((scene) => {
    const matrix = new DOMMatrix(getComputedStyle(scene).transform);
    return { a: matrix.a, e: matrix.e, f: matrix.f };
  });
  return { zoom: a, x: e, y: f };
}

/** Mean grey level of a line of the picture. */
export async function brightnessOf(page: Page, row = 100): Promise<number> {
  const grey = await greyOnScreen(page, row);
  return grey.reduce((sum, value) => sum + value) / grey.length;
}

/** The identifiers of what the device keeps, table by table. */
export async function keptIds(page: Page): Promise<Record<string, readonly string[]>> {
  return page.evaluate(async () => {
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(request.error!));
      });
    const database = await settled(indexedDB.open('fieldray'));
    const tables = ['readings', 'files', 'outcomes', 'thumbnails'];
    const transaction = database.transaction(tables);
    const found = await Promise.all(
      tables.map(async (table) => [table, await settled(transaction.objectStore(table).getAllKeys())]),
    );
    database.close();
    return Object.fromEntries(found);
  });
}

/** The small picture of a row, once the browser has drawn it. */
export async function untilThumbnail(row: Locator): Promise<void> {
  const drawn = (image: Element): boolean => image instanceof HTMLImageElement && image.naturalWidth > 0;
  await eventually(() => row.locator('.thumbnail img').evaluateAll((all) => all.length)).toBe(1);
  await eventually(() => row.locator('.thumbnail img').evaluate(drawn)).toBe(true);
}
