import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPage } from '../../web/build/build-verify-page.ts';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { randomLog } from '../fixtures/random-log.ts';
import { mayGoWithout, openBrowser } from './open-browser.ts';

describe.skipIf(mayGoWithout)('the page that verifies an export, opened as a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldray-verify-page-'));
  const at = (name: string): string => join(folder, name);
  let browser: Browser;
  let page: Page;
  let rootKey: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    const { log, kept } = await randomLog(7, 80);
    const text = await log.text();
    rootKey = toBase64Url(log.root.publicKey);
    writeFileSync(at('verify.html'), await verifyPage());
    writeFileSync(at('export.jsonl'), text);
    writeFileSync(at('altered.jsonl'), text.replace('"kind":"preference.set"', '"kind":"preference.get"'));
    writeFileSync(at('receipt.json'), JSON.stringify(kept[0]));
    writeFileSync(at('picture.jsonl'), 'no export');
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(at('verify.html')).href);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function verified(file: string, key = ''): Promise<string> {
    await page.getByLabel('Export (.jsonl)').setInputFiles(at(file));
    await page.getByLabel('Key of your hub').fill(key);
    await page.getByRole('button', { name: 'Verify' }).click();
    const verdict = page.locator('.verdict');
    await verdict.waitFor();
    return verdict.innerText();
  }

  it('says of an honest export that it is sound, with the key and a receipt', async () => {
    await page.getByLabel('Receipts').setInputFiles(at('receipt.json'));
    expect(await verified('export.jsonl', rootKey)).toMatch(/^SOUND: /);
    expect(await page.locator('#result').innerText()).toContain('1 receipt');
  });

  it('says when no key was given, and when it is another', async () => {
    expect(await verified('export.jsonl')).toMatch(/^SOUND, KEYS NOT PINNED/);
    expect(await verified('export.jsonl', 'A'.repeat(43))).toMatch(/^NOT SOUND/);
    expect(await verified('export.jsonl', 'short')).toMatch(/no key/);
  });

  it('names the first bad record', async () => {
    expect(await verified('altered.jsonl', rootKey)).toMatch(/^NOT SOUND/);
    expect(await page.locator('.first-bad').innerText()).toMatch(
      /^First bad record: record \d+, number \d+ of device/,
    );
  });

  it('refuses what is no export', async () => {
    expect(await verified('picture.jsonl')).toMatch(/not an export/);
  });

  it('works with the keyboard alone, and puts the focus on the verdict', async () => {
    await page.getByLabel('Export (.jsonl)').setInputFiles(at('export.jsonl'));
    await page.getByLabel('Key of your hub').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.verdict').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('result');
  });

  it('asks the network for nothing, and nothing of it is refused by its own policy', () => {
    expect(complaints).toEqual([]);
  });
});
