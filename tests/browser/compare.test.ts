import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import {
  chooseAll,
  eventually,
  openFieldray,
  openResult,
  type ServedPage,
  servePage,
  untilListed,
  untilReady,
} from './fieldray-page.ts';
import { mayGoWithout } from './open-browser.ts';

/** Two pictures beside each other, chosen and used by keyboard. */

let served: ServedPage;
let context: BrowserContext;
let page: Page;
let complaints: string[];

const stage = (side: 0 | 1) => page.locator('.viewer-stage').nth(side);
const zooms = (): Promise<string[]> => page.locator('.viewer-zoom-value').allInnerTexts();
const brightness = (): Promise<string[]> =>
  page
    .locator('.viewer-look label:has-text("Brightness") input')
    .evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value));
const places = (): Promise<string[]> =>
  page
    .locator('.viewer-scene')
    .evaluateAll((all) =>
      all.map((scene) => /translate\([^)]*\)/.exec((scene as HTMLElement).style.transform)?.[0] ?? ''),
    );

/** Mean grey of what is drawn at each side; 0 while nothing is. */
const greys = (): Promise<number[]> =>
  page.locator('.viewer-stage canvas').evaluateAll((all) =>
    all.map((shown) => {
      const copy = document.createElement('canvas');
      [copy.width, copy.height] = [16, 16];
      const drawing = copy.getContext('2d')!;
      drawing.drawImage(shown as HTMLCanvasElement, 0, 0, 16, 16);
      const { data } = drawing.getImageData(0, 0, 16, 16);
      return data.reduce((sum, value, index) => sum + (index % 4 === 0 ? value : 0), 0) / 256;
    }),
  );

/** `greys` once nothing changes them any more. */
async function settledGreys(): Promise<number[]> {
  let before: number[] = [];
  await eventually(async () => {
    const now = await greys();
    const isSettled = now.every((grey, side) => grey === before[side]);
    before = now;
    return isSettled;
  }).toBe(true);
  return before;
}

async function keys(...names: string[]): Promise<void> {
  for (const name of names) await page.keyboard.press(name);
}

describe.skipIf(mayGoWithout)('two pictures', () => {
  beforeAll(async () => {
    served = await servePage();
    context = await served.browser.newContext({ viewport: { width: 1280, height: 900 } });
    ({ page, complaints } = await openFieldray(context, served.address));
    await untilReady(page);
    await chooseAll(page, [
      { name: 'before.dcm', bytes: phantomDicom({ width: 512, height: 512 }) },
      { name: 'after.png', bytes: phantomFile({ width: 640, height: 576, seed: 5 }) },
    ]);
    for (const name of ['before.dcm', 'after.png']) await untilListed(page, name, /Pneumonia/);
    await openResult(page, 'before.dcm');
  }, 120_000);
  afterAll(() => served.close());

  it('are chosen by keyboard, and each has its name and its result', async () => {
    await page.getByRole('button', { name: 'Compare with…' }).focus();
    await keys('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await page.locator('.compare-choice li').allInnerTexts()).toEqual([
      expect.stringContaining('after.png'),
    ]);
    await page.locator('.compare-choice a').focus();
    await keys('Enter');
    await page.getByRole('heading', { name: /Compare two/ }).waitFor();
    await eventually(async () => (await greys()).filter((grey) => grey > 5).length).toBe(2);
    expect(await page.locator('.compare-side h2').allInnerTexts()).toEqual(['before.dcm', 'after.png']);
    expect(await page.locator('.compare-result').allInnerTexts()).toEqual([
      expect.stringMatching(/Pneumonia: probability/),
      expect.stringMatching(/Synthetic.*score/),
    ]);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  });

  it('zoom, move and darken together', async () => {
    await stage(1).focus();
    await keys('+', '+', '+', '+', 'ArrowRight', 'ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await eventually(zooms).toEqual(['244 %', '244 %']);
    await eventually(async () => new Set(await places()).size).toBe(1);
    expect((await places())[0]).toMatch(/translate\(-/);
    expect(await brightness()).toEqual(['-10', '-10']);
    await stage(0).focus();
    await keys('r');
    await eventually(zooms).toEqual(['100 %', '100 %']);
  });

  it('are measured, turned and inverted each by itself', async () => {
    await eventually(brightness).toEqual(['0', '0']);
    const [left, right] = await settledGreys();
    const isNear = async (side: 0 | 1, grey: number) => Math.abs((await greys())[side]! - grey) < 3;
    await stage(0).focus();
    await keys('d', 'Enter', 'Shift+ArrowRight', 'Enter', 'm', 'f', 'i');
    await eventually(() =>
      page.locator('.compare-side').nth(0).locator('.measure-list tbody tr').count(),
    ).toBe(1);
    expect(await page.locator('.compare-side').nth(1).locator('.measure-list').count()).toBe(0);
    expect(await page.locator('.viewer-changes').allInnerTexts()).toEqual(['Mirrored · Inverted']);
    await eventually(() => isNear(0, 255 - left!)).toBe(true);
    expect(await isNear(1, right!)).toBe(true);
    await stage(1).focus();
    await keys('i');
    await eventually(() => isNear(1, 255 - right!)).toBe(true);
    expect(await isNear(0, 255 - left!)).toBe(true);
  });

  it('go their own ways when they are not linked', async () => {
    await page.getByLabel(/^Linked/).focus();
    await keys('Space');
    await stage(0).focus();
    await keys('+', '+');
    await eventually(zooms).toEqual(['156 %', '100 %']);
    await page.getByLabel(/^Linked/).focus();
    await keys('Space');
    await eventually(zooms).toEqual(['156 %', '156 %']);
  });

  it.each([
    ['a desk', 1280, 900],
    ['a tablet', 820, 1180],
    ['a phone', 360, 740],
  ] as const)('are sound and fit %s', async (_name, width, height) => {
    await page.setViewportSize({ width, height });
    const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(passes.length).toBeGreaterThanOrEqual(10);
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ).toEqual([]);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
    const [left, right] = [(await stage(0).boundingBox())!, (await stage(1).boundingBox())!];
    if (width > 600) expect(right.x).toBeGreaterThanOrEqual(left.x + left.width);
    else expect(right.y).toBeGreaterThanOrEqual(left.y + left.height);
    expect(left.height).toBeCloseTo(right.height, 0);
  });

  it('are there again after a reload, and are left for the one that was open', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.reload();
    await eventually(async () => (await greys()).filter((grey) => grey > 5).length).toBe(2);
    await page.getByRole('link', { name: /Back to one/ }).focus();
    await keys('Enter');
    await page.locator('#result h2', { hasText: 'before.dcm' }).waitFor();
    expect(await page.locator('.viewer-stage').count()).toBeLessThanOrEqual(1);
    expect(complaints).toEqual([]);
  });

  it('list no keys that do nothing here, and say so when one is deleted elsewhere', async () => {
    await page.evaluate(() => history.back());
    await page.getByRole('heading', { name: /Compare two/ }).waitFor();
    await eventually(async () => (await greys()).filter((grey) => grey > 5).length).toBe(2);
    expect(await page.locator('.viewer-keys').first().textContent()).not.toMatch(/Heat map on|in the list/);
    await stage(1).focus();
    const elsewhere = await context.newPage();
    await elsewhere.goto(served.address);
    await openResult(elsewhere, 'after.png');
    await elsewhere.getByRole('button', { name: 'Delete', exact: true }).click();
    await elsewhere.locator('dialog .danger').click();
    await page.getByRole('alert').getByText('after.png has been deleted.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await elsewhere.close();
    await page.getByRole('link', { name: /Back to one/ }).click();
    await page.locator('#result h2', { hasText: 'before.dcm' }).waitFor();
  });

  it('say so when one is not there', async () => {
    await page.evaluate(() => {
      location.hash = `${location.hash}/beside/nothing`;
    });
    await page.getByText('This X-ray is not on this device.').waitFor();
    await eventually(async () => (await greys()).filter((grey) => grey > 5).length).toBe(1);
  });
});
