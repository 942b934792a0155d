import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { type HubProcess, startHubProcess } from '../hub/hub-process.ts';
import { mayGoWithout, openBrowser } from './open-browser.ts';

/** 16 × 16 pixels, a ramp from black to white; grey JPEG. */
const rampJpeg =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8' +
  'ybqmx5moq6T/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABgX/xAAWEAADAAAAAAAAAAAAAAAAAAAABUH/2gAIAQEAAD8AlL4J' +
  'l8DK+CZfD//Z';
const buildScript = fileURLToPath(new URL('../../web/build/build-page.ts', import.meta.url));

let hub: HubProcess;
let browser: Browser;

/** A fresh page and everything its console, its errors and its policy had to say. */
async function openPage(): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => complain('policy: ' + event.violatedDirective))",
  );
  await page.goto(hub.address ?? '');
  return { page, complaints };
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.locator(selector).evaluate((found) => found === document.activeElement)) return;
  }
  throw new Error(`${selector} cannot be reached by keyboard`);
}

function choose(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  return page.setInputFiles('#file', {
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  });
}

describe.skipIf(mayGoWithout)('the page', () => {
  beforeAll(async () => {
    execFileSync(process.execPath, [buildScript, '--if-stale']);
    [hub, browser] = await Promise.all([startHubProcess(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    hub.signal('SIGTERM');
    await hub.exitCode;
  });

  it('reads the phantom by keyboard alone and shows the result with its overlays', async () => {
    const { page, complaints } = await openPage();
    await tabTo(page, '#phantom');
    await page.keyboard.press('Enter');
    const result = page.locator('#result');
    await result.locator('h2', { hasText: 'phantom.png' }).waitFor();

    const text = (await result.innerText()).replaceAll('\u00a0', ' ');
    expect(text).toContain(
      'Synthetic picture Drawn by a program. This is not a patient; its score and its map mean nothing.',
    );
    expect(text).toMatch(/Pneumonia\s+score [\w. ]*\d\.\d\d — not a probability for this patient/i);
    expect(text).toMatch(/(At or above|Below) the operating point “\w+”/);
    expect(text).toMatch(/Sensitivity there\s+\d+ % \(\d+–\d+ %, n = \d+\)/);
    expect(text).toContain('What the model used, not where the disease is.');
    expect(await page.locator('#status').innerText()).toContain('Synthetic picture. Pneumonia: score');
    expect(await result.evaluate((found) => found === document.activeElement)).toBe(true);

    const heatmap = page.locator('canvas.heatmap');
    expect(await page.locator('.outline-line').getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+L/);
    await tabTo(page, 'label:has-text("Heat map") input');
    await page.keyboard.press('Space');
    expect(await heatmap.isVisible()).toBe(false);
    await page.keyboard.press('Space');
    await tabTo(page, 'input[type=range]');
    await page.keyboard.press('End');
    expect(await heatmap.evaluate((found) => getComputedStyle(found).opacity)).toBe('1');
    await tabTo(page, 'summary');
    await page.keyboard.press('Enter');
    expect(await page.locator('.provenance').innerText()).toMatch(/Reference check\s+passed: \d+ values/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('says in a sentence why a file was refused, with the reference that stands in the log', async () => {
    const { page } = await openPage();
    await choose(page, 'notes.dcm', new TextEncoder().encode('Dear colleague'));
    const alert = page.getByRole('alert');
    expect(await alert.innerText()).toContain('it is neither DICOM nor JPEG nor PNG.');
    expect(await alert.innerText()).not.toMatch(/\b[01]\.\d\d\b/);
    expect(hub.printed()).toContain(`"requestId":"${await alert.locator('code').innerText()}"`);
    await page.close();
  });

  it('shows the name of a file as text, whatever is in it', async () => {
    const { page, complaints } = await openPage();
    const name = '<img src=x onerror=alert(1)>.png';
    await choose(page, name, phantomFile({ width: 320, height: 288 }));
    await page.locator('#result h2').waitFor();
    expect(await page.locator('#result h2').innerText()).toContain('onerror=alert(1)>.png');
    expect(await page.locator('#result img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('starts the codecs under its own policy and shows the picture, even of a refused file', async () => {
    const { page, complaints } = await openPage();
    await choose(page, 'ramp.jpg', Buffer.from(rampJpeg, 'base64'));
    const canvas = page.locator('.stage canvas');
    await canvas.waitFor();
    const row = await canvas.evaluate((found) =>
      found instanceof HTMLCanvasElement
        ? [...(found.getContext('2d')?.getImageData(0, 8, 16, 1).data ?? [])]
        : [],
    );
    const grey = row.filter((_, index) => index % 4 === 0);
    expect(grey[0]).toBeLessThan(30);
    expect(grey[15]).toBeGreaterThan(220);
    expect(await page.getByRole('alert').innerText()).toContain('too small to be judged');
    expect(complaints.filter((text) => !text.includes('status of 422'))).toEqual([]);
    await page.close();
  });

  it('cannot be made to lose its banner', async () => {
    const { page } = await openPage();
    await page.locator('#phantom').click();
    await page.locator('#result h2').waitFor();
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    const banner = page.getByRole('note');
    expect(await banner.innerText()).toBe('Decision support for research and triage. Not a medical device.');
    expect(await banner.evaluate((found) => found.getBoundingClientRect().top)).toBe(0);
    expect(await banner.locator('button').count()).toBe(0);
    await page.close();
  });
});
