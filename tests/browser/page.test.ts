import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { badFiles } from '../fixtures/bad-files.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { rampJpeg } from '../fixtures/ramp-jpeg.ts';
import {
  brightnessOf,
  choose,
  chooseAll,
  eventually,
  greyOnScreen,
  keptIds,
  openFieldray,
  openResult,
  rowOf,
  sceneOf,
  type ServedPage,
  servePage,
  untilListed,
  untilReady,
  untilThumbnail,
} from './fieldray-page.ts';
import { mayGoWithout } from './open-browser.ts';

/** What a person does with mouse and finger. One page for all: it is kept open for days in a clinic, too. */

const aNumber = /\b[01]\.\d\d\b/;
const smallPhantom = (seed: number): Uint8Array => phantomFile({ width: 320, height: 288, seed });

let folder: string;
let served: ServedPage;
let context: BrowserContext;
let session: CDPSession;
let page: Page;
let complaints: string[];

const resultText = async (): Promise<string> =>
  (await page.locator('#result').innerText()).replaceAll('\u00a0', ' ');

async function openDevice(): Promise<void> {
  await page.getByRole('link', { name: 'This device' }).click();
  await page.locator('h1', { hasText: 'This device' }).waitFor();
}

/** The middle of what is shown, in pixels of the window. */
async function middleOf(selector: string): Promise<{ x: number; y: number }> {
  await page.locator(selector).scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await page.locator(selector).boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

async function drag(right: number, down: number): Promise<void> {
  const { x, y } = await middleOf('.viewer-stage');
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right, y + down, { steps: 4 });
  await page.mouse.up();
}

/** With times of its own: a busy machine makes two clicks of one double click. */
async function doubleClick(): Promise<void> {
  const place = { ...(await middleOf('.viewer-stage')), button: 'left' } as const;
  const start = Date.now() / 1000;
  for (const clickCount of [1, 2]) {
    const timestamp = start + clickCount * 0.1;
    await session.send('Input.dispatchMouseEvent', { ...place, type: 'mousePressed', clickCount, timestamp });
    await session.send('Input.dispatchMouseEvent', {
      ...place,
      type: 'mouseReleased',
      clickCount,
      timestamp,
    });
  }
}

/** As the system does when files are dragged from a folder over the window. */
async function dropOnPage(...paths: readonly string[]): Promise<void> {
  const { x, y } = await middleOf('.masthead');
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  }
}

describe.skipIf(mayGoWithout)('the page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-xrays-'));
    served = await servePage();
    context = await served.browser.newContext({
      viewport: { width: 1280, height: 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    ({ page, complaints } = await openFieldray(context, served.address));
    session = await context.newCDPSession(page);
    await untilReady(page);
  }, 120_000);
  afterAll(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => page.locator('.brand').click());
  afterEach(() => expect(complaints.splice(0)).toEqual([]));

  it('reads the phantom and shows the result with its overlays', async () => {
    await page.getByRole('button', { name: 'Try the phantom' }).click();
    expect(await untilListed(page, 'phantom.png', /Pneumonia/)).toMatch(
      /Synthetic\. Pneumonia: score [\w. ]*\d\.\d\d, not a probability · (at or above|below) the operating point/,
    );
    const result = page.locator('#result');
    // One that comes alone is opened by itself.
    await result.locator('.finding').waitFor();
    await result.locator('.map-legend').waitFor();
    const text = await resultText();
    expect(text).toContain(
      'Synthetic picture Drawn by a program. This is not a patient; its score and its map mean nothing.',
    );
    expect(text).toMatch(/Pneumonia\s+score [\w. ]*\d\.\d\d — not a probability for this patient/i);
    expect(text).toMatch(/(At or above|Below) the operating point “\w+” \(\d\.\d\d\)/);
    expect(text).toContain('How often the model errs for this patient is not known.');
    expect(text).toContain('What the model used, not where the disease is.');
    expect(await result.locator('.meter').count()).toBe(0);
    expect(await result.locator('.viewer-mark').innerText()).toBe('SYNTHETIC');
    expect(await result.locator('.viewer-outline-line').getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+L/);

    await result.getByLabel('Lung outline').uncheck();
    expect(await result.locator('.viewer-outline').count()).toBe(0);
    const heat = result.locator('.viewer-heat');
    await result.getByLabel('Heat map', { exact: true }).uncheck();
    expect(await heat.count()).toBe(0);
    await result.getByLabel('Heat map', { exact: true }).check();
    const slider = result.getByLabel('Heat map opacity');
    const { width, height } = (await slider.boundingBox())!;
    await slider.click({ position: { x: width - 2, y: height / 2 } });
    await eventually(() => heat.evaluate((found) => getComputedStyle(found).opacity)).toBe('1');

    await result.getByText('Where this comes from').click();
    const provenance = await result.locator('.provenance').innerText();
    expect(provenance.match(/this device passed the model’s check: \d+ values of \d+ cases/g)).toHaveLength(
      2,
    );
    expect(provenance.match(/\b[0-9a-f]{64}\b/g)).toHaveLength(3);
  });

  it('reads the DICOM of a child with a probability and the errors that were measured', async () => {
    await choose(page, 'IM000001', phantomDicom());
    expect(await untilListed(page, 'IM000001', /Pneumonia/)).toMatch(
      /Pneumonia: probability [\w. ]*\d\.\d\d ·/,
    );
    const text = await openResult(page, 'IM000001');
    expect(text).toMatch(/Pneumonia\s+Probability [\w. ]*\d\.\d\d\s+(At or above|Below) the operating point/);
    expect(text).toMatch(/Sensitivity there\s+\d+ % \(\d+–\d+ %, n = \d+\)/);
    expect(text).toMatch(/Specificity there\s+\d+ % \(\d+–\d+ %, n = \d+\)/);
    expect(text).toMatch(/Measured on\s+\d+ other children/);
    expect(text).not.toMatch(/synthetic/i);
    expect(await page.locator('.meter').count()).toBe(1);
  });

  it('says in a sentence why a file is no X-ray, and gives no number', async () => {
    await choose(page, 'notes.dcm', new TextEncoder().encode('Dear colleague'));
    const sentence = 'it is neither DICOM nor JPEG nor PNG.';
    expect(await untilListed(page, 'notes.dcm', /Not read/)).toContain(sentence);
    const text = await openResult(page, 'notes.dcm');
    expect(text).toContain(sentence);
    expect(text).toContain('Export the picture again');
    expect(text).toContain('So there is no number for it.');
    expect(text).not.toMatch(aNumber);
    expect(await rowOf(page, 'notes.dcm').innerText()).not.toMatch(aNumber);
    expect(await page.locator('.viewer').count()).toBe(0);
  });

  it('shows the picture of a refused file as it is', async () => {
    await choose(page, 'ramp.jpg', rampJpeg);
    await untilListed(page, 'ramp.jpg', /too small to be judged/);
    const text = await openResult(page, 'ramp.jpg');
    expect(text).toContain('at least 128 pixels on its short side');
    expect(text).not.toMatch(aNumber);
    const grey = await greyOnScreen(page, 8);
    expect(grey).toHaveLength(16);
    expect(grey[0]).toBeLessThan(30);
    expect(grey[15]).toBeGreaterThan(220);
    expect(grey).toEqual(grey.toSorted((a, b) => a - b));
    expect(await page.locator('.viewer-heat, .viewer-outline').count()).toBe(0);
  });

  it('gives every bad file a line that says why, and reads the others', async () => {
    const good = { name: 'between.png', bytes: smallPhantom(3) };
    await chooseAll(page, [...badFiles.slice(0, 3), good, ...badFiles.slice(3)]);
    await untilListed(page, 'between.png', /Pneumonia/);
    for (const { name } of badFiles) {
      expect(await untilListed(page, name, /Not read/), name).toMatch(/Not read: [A-Z][^.]{10,}\./);
    }
    const said = await page.evaluate(codesByName);
    for (const { name, code } of badFiles) expect(said[name], name).toMatch(code);
  });

  it('gives a file that is too large for any device a line that says so, without opening it', async () => {
    const huge = join(folder, 'huge.dcm');
    await writeFile(huge, '');
    await truncate(huge, 257 * 1024 * 1024);
    await page.setInputFiles('#file', huge);
    expect(await untilListed(page, 'huge.dcm', /too large/)).toContain(
      'Failed: The picture is too large to be read safely.',
    );
    await page.locator('#result h2', { hasText: 'huge.dcm' }).waitFor();
    expect(await resultText()).toContain('There is no number for this picture.');
    expect(await page.getByRole('button', { name: 'Read again' }).isVisible()).toBe(true);
  });

  it('shows the name of a file as text, whatever is in it', async () => {
    const name = '<img src=x onerror=alert(1)>.png';
    await choose(page, name, smallPhantom(4));
    await untilListed(page, name, /Pneumonia/);
    expect(await rowOf(page, name).locator('.row-name').innerText()).toBe(name);
    expect(await page.locator('#result h2').innerText()).toBe(name);
    expect(await page.title()).toBe(`${name} – Fieldray`);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });

  it('reads the pictures of a folder and what is dropped, and leaves the rest of the folder out', async () => {
    const xrays = join(folder, 'xrays');
    const late = join(folder, 'late.png');
    await mkdir(join(xrays, 'deeper'), { recursive: true });
    await writeFile(join(xrays, 'IM000007'), phantomDicom({ width: 512, height: 512 }));
    await writeFile(join(xrays, 'deeper', 'second.png'), smallPhantom(5));
    await writeFile(join(xrays, 'notes.txt'), 'Dear colleague');
    await writeFile(late, smallPhantom(6));

    await page.setInputFiles('#folder', xrays);
    await page.getByText('2 pictures added; 1 file is no picture and was left out.').waitFor();
    for (const name of ['IM000007', 'second.png']) {
      await untilListed(page, name, /Pneumonia/);
      await untilThumbnail(rowOf(page, name));
    }

    await openDevice();
    await dropOnPage(xrays, late);
    await page.getByText('3 pictures added; 1 file is no picture and was left out.').waitFor();
    await untilListed(page, 'late.png', /Pneumonia/);
    await untilThumbnail(rowOf(page, 'late.png'));
    expect(await rowOf(page, 'second.png').count()).toBe(2);
    expect(await rowOf(page, 'notes.txt').count()).toBe(0);
  });

  it('zooms, moves and brightens the picture with the mouse', async () => {
    await choose(page, 'mouse.png', phantomFile({ width: 640, height: 576 }));
    await untilListed(page, 'mouse.png', /Pneumonia/);
    await openResult(page, 'mouse.png');
    const { x, y } = await middleOf('.viewer-stage');
    await page.mouse.move(x, y);
    expect(await sceneOf(page)).toEqual({ zoom: 1, x: 0, y: 0 });
    await page.mouse.wheel(0, -400);
    await eventually(async () => (await sceneOf(page)).zoom).toBeGreaterThan(1.5);
    await drag(60, 40);
    await eventually(async () => Math.round((await sceneOf(page)).x)).toBe(60);
    expect(Math.abs((await sceneOf(page)).y - 40)).toBeLessThan(1.5);

    const before = await brightnessOf(page);
    await page.getByText('Brightness', { exact: true }).first().click();
    await drag(0, -60);
    await eventually(() => brightnessOf(page)).toBeGreaterThan(before + 10);
    expect(Math.round((await sceneOf(page)).x)).toBe(60);
    await page.getByRole('button', { name: 'Reset' }).click();
    await eventually(() => brightnessOf(page)).toBe(before);
    expect(await sceneOf(page)).toEqual({ zoom: 1, x: 0, y: 0 });
    await page.getByLabel('Contrast', { exact: true }).fill('80');
    await eventually(async () => Math.min(...(await greyOnScreen(page, 100)))).toBe(0);
    await doubleClick();
    await eventually(async () => (await sceneOf(page)).zoom).toBe(2);
  });

  it('zooms with two fingers', async () => {
    await choose(page, 'touch.png', smallPhantom(7));
    await untilListed(page, 'touch.png', /Pneumonia/);
    await openResult(page, 'touch.png');
    const { x, y } = await middleOf('.viewer-stage');
    const fingers = (apart: number) => [
      { x: x - apart, y, id: 1 },
      { x: x + apart, y, id: 2 },
    ];
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(40) });
    for (const apart of [60, 80, 100, 120]) {
      await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) });
    }
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    // Three times as far apart.
    await eventually(async () => (await sceneOf(page)).zoom).toBeCloseTo(3, 1);
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false });
  });

  it('cannot be made to lose its banner', async () => {
    const banner = page.locator('.banner');
    const isOnTop = (found: Element): boolean => {
      const { left, top, width, height } = found.getBoundingClientRect();
      return top === 0 && found.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    };
    await choose(page, 'long.jpg', rampJpeg);
    await untilListed(page, 'long.jpg', /too small/);
    await openResult(page, 'long.jpg');
    await page.locator('.viewer-keys summary').click();
    for (const open of [() => Promise.resolve(), openDevice]) {
      await open();
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      expect(await page.evaluate(() => scrollY)).toBeGreaterThan(200);
      expect(await banner.innerText()).toBe(
        'Decision support for research and triage. Not a medical device.',
      );
      expect(await banner.evaluate(isOnTop)).toBe(true);
    }
    expect(await banner.locator('button, a, input').count()).toBe(0);
  });

  it('says of this device what support wants to know, and no name of a file', async () => {
    await choose(page, 'surname.jpg', rampJpeg);
    await untilListed(page, 'surname.jpg', /too small/);
    const names = await page.locator('.row-name').allTextContents();
    expect(names).toContain('surname.jpg');
    await openDevice();
    const text = await page.locator('.device').innerText();
    expect(text).toMatch(/cxr-lungs: processor \(WebAssembly, \d threads?\)/);
    expect(text).toMatch(/is the best choice of \d that compute right here/);
    expect(text).toMatch(/Used by Fieldray\s+\d+\.\d MB/);
    expect(text).toMatch(/Room left for it\s+\d+\.\d [MG]B/);

    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(`Browser: ${await page.evaluate(() => navigator.userAgent)}`);
    expect(copied).toMatch(/Graphics processor: (none: .+|\w+)/);
    expect(copied).toMatch(/Memory of the device: [\d.]+ GB/);
    expect(copied).toMatch(/Storage used: [\d.]+ MB of [\d.]+ GB/);
    expect(copied).toContain('Cross-origin isolated: yes');
    expect(copied.match(/computed by: .*, wasm, \d+ thread\(s\)/g)).toHaveLength(2);
    expect(copied.match(/reference check: passed, \d+ values/g)).toHaveLength(2);
    for (const name of ['cxr-lungs', 'cxr-pneumonia']) {
      const manifest = await readFile(new URL(`../../models/${name}/manifest.json`, import.meta.url), 'utf8');
      const { sha256 } = /"sha256":\s*"(?<sha256>\w+)"/.exec(manifest)!.groups!;
      expect(text).toContain(sha256);
      expect(copied).toContain(sha256);
    }
    for (const name of names) expect(copied).not.toContain(name);
  });

  it('deletes one with its picture, when it has been asked twice', async () => {
    const { thumbnails } = await keptIds(page);
    await choose(page, 'gone.png', smallPhantom(8));
    await untilListed(page, 'gone.png', /Pneumonia/);
    await openResult(page, 'gone.png');
    const id = new URL(page.url()).hash.split('/').at(-1)!;
    await eventually(async () => (await keptIds(page))['thumbnails']).toContain(id);
    for (const [table, ids] of Object.entries(await keptIds(page))) expect(ids, table).toContain(id);

    const remove = page.getByRole('button', { name: 'Delete', exact: true });
    const dialog = page.getByRole('dialog');
    await remove.click();
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await rowOf(page, 'gone.png').count()).toBe(1);
    await remove.click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await rowOf(page, 'gone.png').waitFor({ state: 'detached' });
    for (const [table, ids] of Object.entries(await keptIds(page))) expect(ids, table).not.toContain(id);
    expect((await keptIds(page))['thumbnails']).toEqual(thumbnails);
    // The next one takes its place.
    await page.locator('#result h2').waitFor();
  });

  it('deletes everything that is finished', async () => {
    await chooseAll(page, [
      { name: 'refused.jpg', bytes: rampJpeg },
      { name: 'read.png', bytes: smallPhantom(9) },
    ]);
    await untilListed(page, 'read.png', /Pneumonia/);
    await untilListed(page, 'refused.jpg', /too small/);
    await page.getByRole('button', { name: 'Delete all finished' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.locator('.row').first().waitFor({ state: 'detached' });
    await eventually(() => page.locator('.row').count()).toBe(0);
    expect(await keptIds(page)).toEqual({ readings: [], files: [], outcomes: [], thumbnails: [] });
    expect(await page.getByText('What Fieldray does').isVisible()).toBe(true);
    // The button that was pressed is no more.
    await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  });
});

/** What the device keeps as the first reason for each refused file. */
async function codesByName(): Promise<Record<string, string>> {
  const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error!));
    });
  const database = await settled(indexedDB.open('fieldray'));
  const outcomes = await settled(database.transaction('outcomes').objectStore('outcomes').getAll());
  database.close();
  return Object.fromEntries(
    outcomes.flatMap(({ analysis }) => (analysis ? [[analysis.file, analysis.intake.reasons[0]?.code]] : [])),
  );
}
