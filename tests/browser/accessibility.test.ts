import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { rampJpeg } from '../fixtures/ramp-jpeg.ts';
import {
  chooseAll,
  eventually,
  openFieldray,
  openResult,
  rowOf,
  type ServedPage,
  servePage,
  untilListed,
  untilReady,
  untilThumbnail,
} from './fieldray-page.ts';
import { mayGoWithout } from './open-browser.ts';

const desktop = { width: 1280, height: 860 };
const tablet = { width: 820, height: 1180 };
const phone = { width: 390, height: 844 };
const narrowest = { width: 360, height: 740 };
const longName = 'a-name-of-a-file-that-is-far-too-long-for-any-line-of-any-list-on-any-screen-0001.dcm';
const tooLarge = 'too-large.dcm';

let folder: string;
let served: ServedPage;
let context: BrowserContext;
let page: Page;

/** What axe has against the page as it stands, each with the element; and that there was something to look at. */
async function violations(rules?: readonly string[]): Promise<string[]> {
  // The page has no frames; for those axe would open another page each time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations: found, passes } = await (rules ? axe.withRules([...rules]) : axe).analyze();
  expect(passes.length).toBeGreaterThanOrEqual(rules?.length ?? 10);
  expect(passes.flatMap(({ nodes }) => nodes).length).toBeGreaterThan(rules ? 2 : 30);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Colours are all that the dark page has of its own. */
const inDark = ['color-contrast'];

/** By how many pixels the page is wider than its window, and what sticks out. */
function overhang(): Promise<readonly [number, readonly string[]]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = Array.from(document.querySelectorAll('main *, .masthead *, .banner'))
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .filter((element) => element.closest('.rows, .table-scroll, .viewer-stage, .hidden-text') === null);
    return [scrollWidth - clientWidth, wide.map(({ className, tagName }) => `${tagName} ${className}`)];
  });
}

const openList = async (): Promise<void> => {
  await page.locator('.brand').click();
  await page.getByText('Choose an X-ray in the list.').waitFor();
};

const openPicture = async (name: string): Promise<void> => {
  await openList();
  await openResult(page, name);
  await page.locator('.viewer-stage canvas').first().waitFor();
};

const openFailure = async (): Promise<void> => {
  await openList();
  await rowOf(page, tooLarge).locator('a').click();
  await page.getByText('There is no number for this picture.').waitFor();
};

const openDevice = async (): Promise<void> => {
  await page.getByRole('link', { name: 'This device' }).click();
  await page.getByText('Engine: ready').waitFor();
};

/** What can stand on the screen. */
const screens = [
  ['the list', openList],
  ['a result with everything unfolded', () => openPicture(longName).then(unfold)],
  ['a result without a probability', () => openPicture('phantom.png')],
  ['a refusal', () => openPicture('ramp.jpg')],
  ['a failure', openFailure],
  ['this device', openDevice],
] as const;

async function unfold(): Promise<void> {
  for (const summary of await page.locator('summary').all()) await summary.click();
}

describe.skipIf(mayGoWithout)('the page, for everybody', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-xrays-'));
    served = await servePage();
    context = await served.browser.newContext({ viewport: desktop, reducedMotion: 'reduce' });
  }, 120_000);
  afterAll(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  it('is sound at the first visit, also when the hub goes away in the middle of it', async () => {
    served.failOn(/^\/parcels\//);
    ({ page } = await openFieldray(context, served.address));
    await page.getByText('The hub does not answer.').waitFor();
    expect(await violations()).toEqual([]);
    served.failOn(undefined);
    // It tries again by itself.
    await untilReady(page);
    expect(await violations()).toEqual([]);
  }, 90_000);

  it('has something in its list', async () => {
    await writeFile(join(folder, tooLarge), '');
    await truncate(join(folder, tooLarge), 257 * 1024 * 1024);
    await page.setInputFiles('#file', join(folder, tooLarge));
    await untilListed(page, tooLarge, /too large/);
    await page.locator('.brand').click();
    await chooseAll(page, [
      { name: longName, bytes: phantomDicom({ width: 512, height: 512 }) },
      { name: 'ramp.jpg', bytes: rampJpeg },
    ]);
    await page.getByRole('button', { name: 'Try the phantom' }).click();
    await untilListed(page, 'ramp.jpg', /Not read/);
    for (const name of [longName, 'phantom.png']) {
      await untilListed(page, name, /Pneumonia/);
      await untilThumbnail(rowOf(page, name));
    }
  });

  it.each(screens)('is sound and never has to be moved sideways: %s', async (_name, open) => {
    await page.setViewportSize(desktop);
    await open();
    expect(await overhang()).toEqual([0, []]);
    expect(await violations()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(inDark), 'dark').toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    for (const viewport of [tablet, phone]) {
      await page.setViewportSize(viewport);
      expect(await overhang(), `${viewport.width} px`).toEqual([0, []]);
      expect(await violations(), `${viewport.width} px`).toEqual([]);
    }
    await page.setViewportSize(narrowest);
    expect(await overhang(), `${narrowest.width} px`).toEqual([0, []]);
  });

  it('is sound and fits while it asks whether to delete', async () => {
    await page.setViewportSize(narrowest);
    await openFailure();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await violations()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(inDark), 'dark').toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await overhang()).toEqual([0, []]);
    const box = (await dialog.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(narrowest.width);
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  it('says so when there is no network, and is sound then', async () => {
    await context.setOffline(true);
    await page.getByText('No network. Everything here goes on working.').waitFor();
    expect(await violations()).toEqual([]);
    await context.setOffline(false);
    await eventually(() => page.getByText('No network.').count()).toBe(0);
  });
});
