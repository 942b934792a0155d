import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { buildInto } from '../../web/build/build-into.ts';
import { writeSmallModels } from '../fixtures/small-models.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { choose, openFieldray, openResult, untilListed, untilReady } from './fieldray-page.ts';
import { mayGoWithout, openBrowser, softwareGpu } from './open-browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { withModels } from './with-models.ts';

/**
 * A graphics processor that is right, is lost, or falls silent in the middle of its work. The GPU is imitated by Chromium and
 * the models see a smaller picture; everything between is the real page.
 */

/** Put before the page's analysis worker: from the moment it is told to, the GPU does what the test wants. */
const faultyGpu = `{
  let device, fault;
  new BroadcastChannel('fault').onmessage = ({ data }) => { fault = data; };
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    return (device = await requestDevice.apply(this, options));
  };
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (...buffers) {
    submit.apply(this, buffers);
    if (fault === 'lost') device.destroy();
  };
  const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...counts) {
    if (fault !== 'silent') dispatchWorkgroups.apply(this, counts);
  };
}
`;

let folder: string;
let browser: Browser;
let server: PageServer;
let proxy: FaultProxy;
let context: BrowserContext;

/** A page that computes with the graphics processor because its person has asked for it. */
async function openWithGpu(): Promise<Page> {
  const { page } = await openFieldray(context, `${proxy.address}#/device`);
  await untilReady(page, /Ready/);
  await page.getByLabel('Compute with').selectOption('webgpu');
  await page
    .getByText('The graphics processor was asked for in the settings.')
    .first()
    .waitFor({ timeout: 90_000 });
  await expect.poll(() => chosenWays(page), { timeout: 60_000 }).toEqual(['graphics', 'graphics']);
  await page.getByRole('link', { name: /rays/ }).last().click();
  return page;
}

/** What computes each model at the moment, as "This device" says it. */
function chosenWays(page: Page): Promise<string[]> {
  return page
    .locator('h3')
    .allInnerTexts()
    .then((titles) => titles.flatMap((title) => /^cxr-[a-z]+: (\w+)/.exec(title)?.[1] ?? []));
}

async function tell(page: Page, fault: 'lost' | 'silent'): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
  await page.evaluate((what) => new BroadcastChannel('fault').postMessage(what), fault);
}

const readOn = async (page: Page, name: string): Promise<string> => {
  await openResult(page, name);
  await page.getByText('Where this comes from').click();
  return page.locator('.provenance').innerText();
};

describe.skipIf(mayGoWithout)('a graphics processor', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-gpu-'));
    await writeSmallModels(join(folder, 'models'), 32);
    await withModels(join(folder, 'models'), () => buildInto(join(folder, 'page')));
    [server, browser] = await Promise.all([startPageServer(), openBrowser(softwareGpu)]);
    server.show(join(folder, 'page'));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    [context, proxy] = await Promise.all([browser.newContext(), startFaultProxy(server.address)]);
    proxy.fault = (path) => (path.includes('analysis.worker') ? { before: faultyGpu } : undefined);
  });
  afterEach(async () => {
    await context.close();
    await proxy.close();
  });

  it.each(['lost', 'silent'] as const)(
    'that is %s in the middle of its work costs neither the image nor its result, and is not used again',
    async (fault) => {
      const page = await openWithGpu();
      await choose(page, 'sound.png', phantomFile({ width: 320, height: 288 }));
      const sound = await untilListed(page, 'sound.png', /Pneumonia/);
      expect(await readOn(page, 'sound.png')).toMatch(/webgpu, 1 thread/);

      await tell(page, fault);
      await choose(page, 'fault.png', phantomFile({ width: 320, height: 288 }));
      const again = await untilListed(page, 'fault.png', /Pneumonia/, 90_000);
      // The same picture, so the same numbers, whatever happened on the way.
      expect(again.replace('fault', 'sound')).toBe(sound);
      expect(await readOn(page, 'fault.png')).not.toMatch(/webgpu, 1 thread/);
      await page.getByRole('link', { name: 'This device' }).click();
      await page.getByText('The graphics processor is not used any more').first().waitFor();
      expect(await chosenWays(page)).toEqual(['processor', 'processor']);
    },
    180_000,
  );
});
