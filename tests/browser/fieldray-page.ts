import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

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

export async function choose(page: Page, name: string, file: Uint8Array): Promise<void> {
  await page.setInputFiles('#file', {
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(file),
  });
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
  return row.innerText();
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
  await expect
    .poll(async () => {
      grey = await page.evaluate(read, row);
      return Math.max(...grey);
    })
    .toBeGreaterThan(0);
  return grey;
}
