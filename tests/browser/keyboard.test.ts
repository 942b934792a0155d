import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { rampJpeg } from '../fixtures/ramp-jpeg.ts';
import {
  asPayload,
  brightnessOf,
  eventually,
  openFieldray,
  rowOf,
  sceneOf,
  type ServedPage,
  servePage,
  untilListed,
} from './fieldray-page.ts';
import { mayGoWithout } from './open-browser.ts';

/** A person whose mouse is broken, or who cannot hold one. Nothing here clicks, and nothing gives the focus away. */

let served: ServedPage;
let context: BrowserContext;
let page: Page;
let complaints: string[];

interface Focus {
  /** What it is called aloud, about. */
  readonly name: string;
  /** It is what was looked for. */
  readonly wanted: boolean;
  /** A ring is drawn around it, or around the label that stands for it. */
  readonly ringed: boolean;
  /** In the window and not under the banner. */
  readonly inSight: boolean;
}

/** What has the focus; undefined when nothing has it. */
function focus(selector: string): Promise<Focus | undefined> {
  return page.locator(selector).evaluateAll((wanted) => {
    const found = document.activeElement;
    if (!(found instanceof HTMLElement) || found === document.body) return undefined;
    const shown = found.closest('label.button, label.viewer-button') ?? found;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    const { top, bottom, width } = shown.getBoundingClientRect();
    const banner = document.querySelector('.banner')!.getBoundingClientRect();
    return {
      name: (found.getAttribute('aria-label') ?? shown.textContent).trim(),
      wanted: wanted.includes(found),
      ringed:
        found.matches(':focus-visible') && outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      inSight: width > 0 && bottom > banner.bottom && top < innerHeight,
    };
  });
}

async function press(key: string): Promise<void> {
  await page.keyboard.press(key);
}

/** Goes on with `key` until that has the focus, and asks of each step on the way whether a person could see where they are. */
async function tabTo(selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const steps: string[] = [];
  while (steps.length < 60) {
    await press(key);
    const now = await focus(selector);
    steps.push(now?.name ?? 'nothing');
    expect(now, `${key}: ${steps.join(' → ')}`).toMatchObject({ ringed: true, inSight: true });
    if (now?.wanted === true) return;
  }
  throw new Error(`${selector} cannot be reached: ${steps.join(' → ')}`);
}

/** The heading of what has just appeared has the focus, so that it is what is read aloud. */
async function untilHeading(words: string): Promise<void> {
  await eventually(() =>
    page.evaluate(() => [document.activeElement?.tagName, document.activeElement?.textContent]),
  ).toEqual([expect.stringMatching(/^H[12]$/), words]);
}

const heatOpacity = (): Promise<string> =>
  page.locator('.viewer-heat').evaluate((found) => getComputedStyle(found).opacity);

describe.skipIf(mayGoWithout)('by keyboard alone', () => {
  beforeAll(async () => {
    served = await servePage();
    context = await served.browser.newContext({
      viewport: { width: 1280, height: 860 },
      permissions: ['clipboard-write'],
    });
    ({ page, complaints } = await openFieldray(context, served.address));
    const files = [
      { name: 'child.dcm', bytes: phantomDicom({ width: 512, height: 512 }) },
      { name: 'ramp.jpg', bytes: rampJpeg },
    ];
    // From the start: it takes a while until the browser hands its dialogs over.
    page.on('filechooser', (chooser) => void chooser.setFiles(files.map(asPayload)));
    await page.getByRole('button', { name: 'Try the phantom' }).waitFor();
  }, 120_000);
  afterAll(() => served.close());

  it('a reading is made, looked at closely, left, found again and deleted', async () => {
    await tabTo('.skip');
    await press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await tabTo('#phantom');
    await press('Enter');
    await untilHeading('phantom.png');
    await page.locator('#result .finding').waitFor({ timeout: 60_000 });
    await page.locator('.viewer-stage').waitFor();
    // The result came while the heading had the focus, and left it there.
    await untilHeading('phantom.png');
    expect(await page.locator('#result > [role=status]').innerText()).toContain(
      'Synthetic picture. Pneumonia: score',
    );

    await tabTo('.viewer-stage');
    await looksClosely();
    await usesTheControls();

    await tabTo('.provenance summary');
    await press('Enter');
    expect(await page.locator('.provenance').innerText()).toMatch(/Reference check\s+this device passed/);

    await choosesTwoMore();
    await goesThroughTheList();
    await visitsTheDevice();
    await deletesEverything();
    expect(complaints).toEqual([]);
  }, 120_000);
});

async function looksClosely(): Promise<void> {
  expect(await sceneOf(page)).toEqual({ zoom: 1, x: 0, y: 0 });
  for (const key of ['+', '+', '+']) await press(key);
  await eventually(async () => (await sceneOf(page)).zoom).toBeCloseTo(1.25 ** 3);
  await press('ArrowRight');
  await eventually(async () => (await sceneOf(page)).x).toBeLessThan(0);
  await press('ArrowDown');
  await eventually(async () => (await sceneOf(page)).y).toBeLessThan(0);

  const before = await brightnessOf(page);
  for (let step = 0; step < 4; step += 1) await press('Shift+ArrowUp');
  await eventually(() => brightnessOf(page)).toBeGreaterThan(before + 10);
  await press('r');
  await eventually(() => brightnessOf(page)).toBe(before);
  expect(await sceneOf(page)).toEqual({ zoom: 1, x: 0, y: 0 });

  for (const [key, layer] of [
    ['h', '.viewer-heat'],
    ['l', '.viewer-outline'],
  ] as const) {
    await press(key);
    await eventually(() => page.locator(layer).count()).toBe(0);
    await press(key);
    await eventually(() => page.locator(layer).count()).toBe(1);
  }
}

async function usesTheControls(): Promise<void> {
  await tabTo('.viewer-tools input', 'Shift+Tab');
  await press('ArrowRight');
  expect(await page.getByLabel('Brightness', { exact: true }).first().isChecked()).toBe(true);
  await tabTo('button[aria-label="Zoom in"]');
  await press('Enter');
  await eventually(async () => (await sceneOf(page)).zoom).toBe(1.25);
  await tabTo('.viewer-overlays label:has-text("Lung outline") input');
  await press('Space');
  await eventually(() => page.locator('.viewer-outline').count()).toBe(0);
  await tabTo('.viewer-overlays label:has-text("opacity") input');
  await press('End');
  await eventually(heatOpacity).toBe('1');
  await press('Home');
  await eventually(heatOpacity).toBe('0');
  await tabTo('.viewer-keys summary');
  await press('Enter');
  expect(await page.locator('.viewer-keys').innerText()).toContain('Brighter, darker');
}

/** The system's own dialog opens on Enter; what it does is the system's. */
async function choosesTwoMore(): Promise<void> {
  await tabTo('#file', 'Shift+Tab');
  await press('Enter');
  await untilListed(page, 'child.dcm', /Pneumonia: probability/);
  await untilListed(page, 'ramp.jpg', /Not read/);
  expect(await focus('#file')).toMatchObject({ wanted: true, ringed: true });
}

async function goesThroughTheList(): Promise<void> {
  await tabTo('.row:has-text("child.dcm") a');
  await press('Enter');
  await untilHeading('child.dcm');
  for (const name of ['ramp.jpg', 'phantom.png']) {
    await press('Alt+PageDown');
    await untilHeading(name);
  }
  await press('Alt+PageUp');
  await untilHeading('ramp.jpg');
  await page.locator('#result').getByText('too small to be judged').waitFor();
}

async function visitsTheDevice(): Promise<void> {
  await tabTo('nav a:has-text("This device")', 'Shift+Tab');
  await press('Enter');
  await untilHeading('This device');
  await page.getByText('Engine: ready').waitFor();
  await tabTo('.device button:has-text("Copy")');
  await press('Enter');
  await page.getByText('Copied.').waitFor();
  await tabTo('nav[aria-label="Places"] a >> nth=0', 'Shift+Tab');
  await press('Enter');
  await untilHeading('X\u2011rays');
}

async function deletesEverything(): Promise<void> {
  await tabTo('.row:has-text("child.dcm") a');
  await press('Enter');
  await untilHeading('child.dcm');
  const dialog = page.getByRole('dialog');
  await tabTo('#result button:has-text("Delete")');
  await press('Enter');
  await dialog.waitFor();
  // What keeps is what has the focus.
  expect(await focus('dialog button')).toEqual({ name: 'Keep', wanted: true, ringed: true, inSight: true });
  await press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await focus('#result button')).toEqual({
    name: 'Delete',
    wanted: true,
    ringed: true,
    inSight: true,
  });
  for (const name of ['child.dcm', 'ramp.jpg']) {
    await press('Enter');
    await tabTo('dialog button:has-text("Delete")');
    await press('Enter');
    await rowOf(page, name).waitFor({ state: 'detached' });
    if (name === 'child.dcm') await untilHeading('ramp.jpg');
    else await untilHeading('phantom.png');
    await tabTo('#result button:has-text("Delete")');
  }
  await tabTo('.delete-all', 'Shift+Tab');
  await press('Enter');
  await tabTo('dialog button:has-text("Delete")');
  await press('Enter');
  await eventually(() => page.locator('.row').count()).toBe(0);
  // What was open is gone, too.
  await untilHeading('X\u2011rays');
  expect(await page.getByText('What Fieldray does').isVisible()).toBe(true);
}
