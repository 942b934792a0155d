import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { buildInto } from '../../web/build/build-into.ts';
import {
  choose,
  chooseAll,
  openFieldray,
  openResult,
  type ServedPage,
  servePage,
  untilListed,
  untilReady,
} from './fieldray-page.ts';
import { mayGoWithout, openBrowser } from './open-browser.ts';
import { startPageServer } from './page-server.ts';
import { withModels } from './with-models.ts';

/** What the model used, and whether that may be relied on. Methods are chosen by keyboard, as everything can be. */

// Hundreds of runs of a model, beside whatever else a machine for tests has to do.
vi.setConfig({ testTimeout: 150_000 });

const aVerdict = /^(This map passed|Do not rely on this map)/;
const patience = { timeout: 60_000 };
const note = 'What the model used, not where the disease is.';

let served: ServedPage;
let context: BrowserContext;
let page: Page;
let complaints: string[];

const status = (): Promise<string> => page.locator('.map-verdict [role=status]').innerText();
const untilStatus = (words: RegExp): Promise<void> => expect.poll(status, patience).toMatch(words);
const maps = (): Promise<number> => page.locator('.viewer-heat').count();

/** Down from the method that is chosen; the select has the focus and keeps it. */
async function methodsDown(steps: number): Promise<void> {
  const select = page.getByLabel('Method');
  await select.focus();
  for (let step = 0; step < steps; step += 1) await page.keyboard.press('ArrowDown');
}

async function violations(): Promise<string[]> {
  const { violations: found, passes } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(passes.length).toBeGreaterThanOrEqual(10);
  return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

describe.skipIf(mayGoWithout)('explanations', () => {
  beforeAll(async () => {
    served = await servePage();
    context = await served.browser.newContext({ viewport: { width: 1280, height: 860 } });
    ({ page, complaints } = await openFieldray(context, served.address));
    await untilReady(page);
  }, 120_000);
  afterAll(() => served.close());

  it('Grad-CAM is there with the result, and its judgement follows by itself', async () => {
    await choose(page, 'phantom.png', phantomFile({ width: 512, height: 512, seed: 7 }));
    await page.locator('#result .finding').waitFor(patience);
    await page.locator('.viewer-heat').waitFor();
    expect(await page.getByLabel('Method').inputValue()).toBe('gradcam');
    expect(await page.locator('figcaption').innerText()).toBe(note);
    await untilStatus(aVerdict);
    expect(await maps()).toBe(1);
  });

  it('another method is computed when it is chosen by keyboard, passing over others, and takes no focus', async () => {
    await methodsDown(3);
    expect(await page.getByLabel('Method').inputValue()).toBe('ig');
    await untilStatus(/^Computing this map/);
    expect(await maps()).toBe(0);
    await untilStatus(aVerdict);
    expect(await maps()).toBe(1);
    expect(await page.getByLabel('Method').evaluate((each) => each === document.activeElement)).toBe(true);
    for (const key of ['Tab', 'Enter']) await page.keyboard.press(key);
    const facts = await page.locator('.map-verdict li').allInnerTexts();
    expect(facts.join('\n')).toMatch(/of the map lies in the lungs.*\n.*taken away.*\n.*brought back/);
    expect(facts.join('\n')).toMatch(/add up to the difference .* steps/);
  });

  it('the lungs are explained, too, by the method that is chosen', async () => {
    await page.getByLabel('Heat map for').focus();
    await page.keyboard.press('ArrowDown');
    await untilStatus(/^Computing this map/);
    expect(await page.locator('.map-panel').innerText()).toContain('for “Lungs”');
    await untilStatus(aVerdict);
    expect(await page.locator('figcaption').innerText()).toBe(note);
  });

  it('what was computed is there after a restart without a network', async () => {
    await page.getByLabel('Heat map for').selectOption('pneumonia');
    await untilStatus(aVerdict);
    const before = await status();
    await context.setOffline(true);
    await page.reload();
    await page.locator('.viewer-heat').waitFor();
    await untilStatus(aVerdict);
    await methodsDown(3);
    expect(await status()).toBe(before);
    await page.getByLabel('Heat map for').selectOption('lungs');
    expect(await status()).toMatch(aVerdict);
    await page.getByLabel('Heat map for').selectOption('pneumonia');
    await untilReady(page);
    // It computes without a network, too.
    await page.getByLabel('Method').selectOption('smoothgrad');
    await untilStatus(aVerdict);
    await context.setOffline(false);
  });

  it('a map that must not be relied on shows it on the picture, without colour, and beside it', async () => {
    expect(await status()).toMatch(/^Do not rely on this map/);
    expect(await page.locator('.viewer-heat.striped').count()).toBe(1);
    expect(await page.locator('.viewer-heat-frame').count()).toBe(1);
    expect(await page.locator('.viewer-doubt').innerText()).toBe('Do not rely on this map');
    expect(await page.locator('.map-verdict .icon-doubt').isVisible()).toBe(true);
    await page.getByLabel('Heat map', { exact: true }).uncheck();
    expect(await page.locator('.viewer-doubt').count()).toBe(0);
    await page.getByLabel('Heat map', { exact: true }).check();
  });

  it('is sound, fits a phone and can be hit by a finger', async () => {
    await page.locator('.map-verdict summary').click();
    expect(await violations()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(), 'dark').toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await violations(), '360 px').toEqual([]);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
    const targets = page.locator('.map-panel select, .map-panel summary');
    for (const target of await targets.all()) {
      expect((await target.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }
    expect(await targets.count()).toBe(3);
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  it('nothing moves below the map when its verdict comes', async () => {
    await choose(page, 'next.png', phantomFile({ width: 512, height: 512, seed: 8 }));
    await page.locator('#result h2', { hasText: 'next.png' }).waitFor();
    await page.locator('.viewer-heat').waitFor();
    const place = async (): Promise<number | undefined> =>
      (await page.locator('.viewer-keys').boundingBox())?.y;
    expect(await status()).not.toMatch(aVerdict);
    const before = await place();
    await untilStatus(aVerdict);
    expect(await place()).toBe(before);
  });

  it('a batch is read while a map is being computed, and both are finished', async () => {
    await page.getByLabel('Method').selectOption('ig');
    await untilStatus(/^Computing this map/);
    await chooseAll(
      page,
      [11, 12, 13].map((seed) => ({
        name: `batch-${seed}.png`,
        bytes: phantomFile({ width: 320, height: 288, seed }),
      })),
    );
    for (const seed of [11, 12, 13]) await untilListed(page, `batch-${seed}.png`, /Pneumonia/);
    await untilStatus(aVerdict);
    await openResult(page, 'batch-12.png');
    await untilStatus(aVerdict);
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(mayGoWithout)('a map that a device cannot compute', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-no-map-'));
    const models = join(folder, 'models');
    for (const name of ['cxr-lungs', 'cxr-pneumonia']) {
      await cp(join(bundledModelsDir, name), join(models, name), { recursive: true });
    }
    const path = join(models, 'cxr-pneumonia', 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...manifest, targetLayer: 'no-such-layer' }));
    await withModels(models, () => buildInto(join(folder, 'page')));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('leaves the result standing, says why, and hides no other map', async () => {
    const [server, browser] = await Promise.all([startPageServer(), openBrowser()]);
    server.show(join(folder, 'page'));
    ({ page, complaints } = await openFieldray(await browser.newContext(), server.address));
    await untilReady(page);
    await choose(page, 'phantom.png', phantomFile({ width: 512, height: 512, seed: 7 }));
    await untilListed(page, 'phantom.png', /Pneumonia: score/);
    await page.locator('.viewer-stage').waitFor();
    const refusal = /^This device cannot compute this map: the explanation asked for does not exist/;
    await untilStatus(refusal);
    expect(await page.locator('#result .number').innerText()).toMatch(/score/i);
    expect(await maps()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilStatus(refusal);
    await page.getByLabel('Method').selectOption('ig');
    await untilStatus(aVerdict);
    expect(await maps()).toBe(1);
    expect(await page.locator('figcaption').innerText()).toBe(note);
    expect(complaints).toEqual([]);
    await browser.close();
    await server.stop();
  });
});
