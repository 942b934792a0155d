import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drawPhantom } from '../../shared/imaging/phantom.ts';
import { bytes, imageFile, text } from '../fixtures/dicom-builder.ts';
import {
  brightnessOf,
  choose,
  eventually,
  greyOnScreen,
  openFieldray,
  openResult,
  sceneOf,
  type ServedPage,
  servePage,
  untilListed,
  untilReady,
} from './fieldray-page.ts';
import { mayGoWithout } from './open-browser.ts';

/** Every tool of the viewer: by keyboard alone, with the mouse, with a finger. */

const side = 400;

/** A chest of which the value of every pixel is known: 10 × column + row in a corner, the phantom elsewhere. */
function chest(frames: number, columns = side): Uint8Array {
  const { pixels } = drawPhantom({ width: columns, height: side, seed: 3, opacity: true });
  const stored = new DataView(new ArrayBuffer(frames * pixels.length * 2));
  for (let frame = 0; frame < frames; frame += 1) {
    for (const [index, value] of pixels.entries()) {
      const [x, y] = [index % columns, Math.floor(index / columns)];
      const sample = x < 100 && y < 100 ? 10 * x + y : Math.round(value * 4095);
      stored.setUint16((frame * pixels.length + index) * 2, frame === 0 ? sample : 4095 - sample, true);
    }
  }
  return imageFile({
    rows: side,
    columns,
    bitsStored: 12,
    pixels: bytes(0x7fe00010, 'OW', new Uint8Array(stored.buffer)),
    extra: [
      text(0x00101010, 'AS', '003Y'),
      text(0x00185101, 'CS', 'PA'),
      text(0x00280008, 'IS', String(frames)),
      text(0x00181164, 'DS', '0.5\\0.5'),
      text(0x00281050, 'DS', '1024'),
      text(0x00281051, 'DS', '2048'),
    ],
  });
}

let served: ServedPage;
let context: BrowserContext;
let session: CDPSession;
let page: Page;
let complaints: string[];

const stage = () => page.locator('.viewer-stage');
const rows = (): Promise<string[]> =>
  page
    .locator('.measure-list tbody tr')
    .evaluateAll((all) =>
      all.map((row) =>
        [...row.querySelectorAll('th, td:nth-child(2)')].map((cell) => cell.textContent).join(': '),
      ),
    );
const spoken = (): Promise<string> => page.locator('.viewer > [role=status]').innerText();
const changes = (): Promise<string[]> => page.locator('.viewer-changes').allInnerTexts();

async function keys(...names: string[]): Promise<void> {
  for (const name of names) await page.keyboard.press(name);
}

/** In pixels of the window. @param x of the picture, as it is fitted and not turned */
async function at(x: number, y: number): Promise<{ x: number; y: number }> {
  const box = (await page.locator('.viewer-scene').boundingBox())!;
  return { x: box.x + (x / side) * box.width, y: box.y + (y / side) * box.height };
}

async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const [start, end] = [await at(...from), await at(...to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}

async function click(x: number, y: number): Promise<void> {
  const place = await at(x, y);
  await page.mouse.click(place.x, place.y);
}

describe.skipIf(mayGoWithout)('the tools of the viewer', () => {
  beforeAll(async () => {
    served = await servePage();
    context = await served.browser.newContext({ viewport: { width: 1280, height: 1100 } });
    ({ page, complaints } = await openFieldray(context, served.address));
    session = await context.newCDPSession(page);
    await untilReady(page);
    await choose(page, 'chest.dcm', chest(1));
    await untilListed(page, 'chest.dcm', /Pneumonia/);
  }, 120_000);
  afterAll(() => served.close());
  beforeEach(async () => {
    await page.locator('.brand').click();
    await openResult(page, 'chest.dcm');
    await greyOnScreen(page, 200);
    await stage().focus();
    await eventually(async () => (await stage().boundingBox())!.height).toBeGreaterThan(300);
  });
  afterEach(() => expect(complaints.splice(0)).toEqual([]));

  it('a distance by keyboard', async () => {
    await keys('d', 'Enter', ...Array.from({ length: 4 }, () => 'Shift+ArrowRight'));
    await eventually(spoken).toBe('Ruler: column 241, row 201, 1 of 2 points set, 20.0 mm.');
    await keys('Space');
    await eventually(rows).toEqual(['Ruler 1: 20.0 mm']);
    await eventually(spoken).toBe('Ruler 1: 20.0 mm.');
    expect(await page.locator('.measure-words').textContent()).toBe('20.0 mm');
    expect(await page.locator('.measure-note').innerText()).toBe(
      'Lengths are in millimetres at the detector; in the patient it is smaller.',
    );
    await keys('m', 'n', 'Enter', 'Enter', 'Shift+ArrowRight', 'Shift+ArrowRight');
    await eventually(rows).toEqual(['Ruler 1: 30.0 mm']);
    await eventually(spoken).toBe('Ruler 1, second end: 30.0 mm.');
    await keys('Delete');
    await eventually(rows).toEqual([]);
    await eventually(spoken).toBe('Ruler 1 deleted.');
  });

  it('an angle by keyboard', async () => {
    await keys('a', 'Enter', 'Shift+ArrowRight', 'Enter', 'Shift+ArrowDown', 'Enter');
    await eventually(rows).toEqual(['Angle 1: 90.0°']);
    await keys('Escape', 'Tab');
    expect(await stage().evaluate((found) => found === document.activeElement)).toBe(false);
  });

  it('a rectangle by keyboard, with the values under it', async () => {
    await keys('e', ...Array.from({ length: 20 }, () => 'Shift+ArrowLeft'));
    await keys(...Array.from({ length: 20 }, () => 'Shift+ArrowUp'));
    // From column 1, row 1 to column 11, row 11: 10 × column + row, each from 0 to 10.
    await keys('Enter', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Enter');
    await eventually(rows).toEqual([
      'Rectangle 1: mean 55.00, deviation 31.78, from 0 to 110, 121 pixels, 5.5 × 5.5 mm',
    ]);
  });

  it('a value by keyboard', async () => {
    await keys(
      'p',
      ...Array.from({ length: 18 }, () => 'Shift+ArrowLeft'),
      ...Array.from({ length: 20 }, () => 'Shift+ArrowUp'),
    );
    await keys('ArrowRight', 'ArrowDown', 'ArrowDown');
    await eventually(spoken).toBe('value 212 at column 22, row 3.');
    expect(await page.locator('.viewer-readout').innerText()).toBe('value 212 at column 22, row 3');
    await keys('Enter');
    await eventually(rows).toEqual(['Probe 1: value 212 at column 22, row 3']);
  });

  it('brightness and contrast by keyboard, back to the file, every value', async () => {
    const before = await brightnessOf(page, 200);
    await keys('b', 'ArrowUp', 'ArrowUp', 'ArrowUp');
    await eventually(() => brightnessOf(page, 200)).toBeGreaterThan(before + 10);
    await keys('r');
    await eventually(() => brightnessOf(page, 200)).toBe(before);
    // The file shows values up to 2047 only; there are others.
    await keys('w');
    await eventually(() => brightnessOf(page, 200)).toBeLessThan(before - 10);
    await keys('w');
    await eventually(() => brightnessOf(page, 200)).toBe(before);
  });

  it('turns, flips and inverts by keyboard, says so on the picture and in words, and resets', async () => {
    const before = await greyOnScreen(page, 200);
    await keys('f');
    expect(await changes()).toEqual(['Mirrored']);
    await keys('t', 'i');
    expect(await changes()).toEqual(['Mirrored · Turned 90° right · Inverted']);
    expect(await page.getByRole('img', { name: /Mirrored, Turned 90° right, Inverted/ }).count()).toBe(1);
    await eventually(async () => (await greyOnScreen(page, 200))[0]).toBe(255 - before[0]!);
    await keys('Shift+T', 'Shift+F');
    expect(await changes()).toEqual(['Turned 180° · Inverted']);
    await keys('r');
    expect(await changes()).toEqual([]);
    await eventually(() => greyOnScreen(page, 200)).toEqual(before);
  });

  it('measures the same however the picture lies', async () => {
    await keys('f', 't', '1', 'e', 'Enter', 'Shift+ArrowRight', 'ArrowDown', 'ArrowDown', 'Enter');
    await eventually(rows).toHaveLength(1);
    await eventually(async () => (await rows())[0]).toMatch(/^Rectangle 1: mean .*33 pixels/);
    const turned = await rows();
    await keys('Escape', 'r');
    expect(await rows()).toEqual(turned);
  });

  it('the list of keys opens with a question mark, and the keys leave fields alone', async () => {
    await keys('?');
    expect(await page.locator('.viewer-keys').getAttribute('open')).not.toBeNull();
    expect(await page.locator('.viewer-keys').innerText()).toContain('Set a point');
    await page.getByLabel('Centre').fill('700');
    await page.getByLabel('Width').focus();
    await keys('d', 'Backspace');
    expect(await page.getByLabel('Ruler').isChecked()).toBe(false);
  });

  it('takes a window in numbers, and shows the numbers of the file', async () => {
    expect([
      await page.getByLabel('Centre').inputValue(),
      await page.getByLabel('Width').inputValue(),
    ]).toEqual(['1024', '2048']);
    const before = await brightnessOf(page, 200);
    await page.getByLabel('Centre').fill('3000');
    await keys('Enter');
    await eventually(() => brightnessOf(page, 200)).toBeLessThan(before - 20);
    await page.getByRole('button', { name: 'As in the file' }).click();
    await eventually(() => brightnessOf(page, 200)).toBe(before);
    await page.getByLabel('Width').fill('0');
    await keys('Enter');
    await page.getByText(/^The width must be 1 or more/).waitFor();
    expect([
      await page.getByLabel('Width').getAttribute('aria-invalid'),
      await page.getByLabel('Width').inputValue(),
    ]).toEqual(['true', '0']);
    await keys('Escape');
    expect(await page.getByLabel('Width').inputValue()).toBe('2048');
    await page.getByRole('button', { name: 'Lungs' }).click();
    await eventually(async () => Number(await page.getByLabel('Width').inputValue())).not.toBe(2048);
  });

  it('with the mouse: drawn, moved by an end and as a whole, deleted from the list', async () => {
    await page.getByText('Ruler', { exact: true }).click();
    await drag([100, 100], [200, 100]);
    await eventually(async () =>
      Number.parseFloat(/: ([\d.]+) mm/.exec((await rows())[0] ?? '')?.[1] ?? ''),
    ).toBeCloseTo(50, 0);
    await drag([200, 100], [300, 100]);
    await eventually(async () =>
      Number.parseFloat(/: ([\d.]+) mm/.exec((await rows())[0] ?? '')?.[1] ?? ''),
    ).toBeCloseTo(100, 0);
    const line = await page.locator('.measure-line').getAttribute('d');
    await drag([150, 100], [150, 200]);
    await eventually(() => page.locator('.measure-line').getAttribute('d')).not.toBe(line);
    expect(Number.parseFloat(/: ([\d.]+) mm/.exec((await rows())[0]!)![1]!)).toBeCloseTo(100, 0);
    await page.getByText('Rectangle', { exact: true }).click();
    await drag([0.5, 0.5], [10.5, 10.5]);
    await eventually(async () => (await rows())[1]).toMatch(/mean 5\d.*, 1[12]\d pixels/);
    await page.getByText('Probe', { exact: true }).click();
    await click(50.5, 20.5);
    await eventually(async () => (await rows())[2]).toMatch(/^Probe 3: value 5\d\d at column 5\d, row 2\d/);
    await page.getByText('Angle', { exact: true }).click();
    await drag([100, 300], [200, 300]);
    await click(200, 350);
    await eventually(async () => (await rows())[3]).toMatch(/^Angle 4: (89|90)\.\d°/);
    await page.getByRole('button', { name: 'Delete Ruler 1' }).click();
    await eventually(async () => (await rows()).map((row) => row.split(':')[0])).toEqual([
      'Rectangle 2',
      'Probe 3',
      'Angle 4',
    ]);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Delete Rectangle 2',
    );
  });

  it('with a finger, and two fingers still zoom', async () => {
    await page.getByText('Ruler', { exact: true }).click();
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    const send = (
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      touchPoints: { x: number; y: number; id: number }[],
    ) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
    const [start, end] = [await at(100, 200), await at(200, 200)];
    await send('touchStart', [{ ...start, id: 1 }]);
    await send('touchMove', [{ ...end, id: 1 }]);
    await send('touchEnd', []);
    await eventually(async () => (await rows())[0]).toMatch(/^Ruler 1: (49|50)\.\d mm/);
    const spread = (apart: number) => [
      { x: start.x - apart, y: start.y + 90, id: 1 },
      { x: start.x + apart, y: start.y + 90, id: 2 },
    ];
    await send('touchStart', spread(20).slice(0, 1));
    await send('touchStart', spread(20));
    for (const apart of [30, 40]) await send('touchMove', spread(apart));
    await send('touchEnd', []);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false });
    await eventually(() => page.locator('.viewer-zoom-value').innerText()).toMatch(/^(19\d|20\d) %/);
    expect(await rows()).toHaveLength(1);
  });

  it('is sound with everything on it, and a finger hits every tool', async () => {
    await keys('d', 'Enter', 'Shift+ArrowRight', 'Enter', 'e', 'Enter', 'Shift+ArrowUp', 'Enter', 'f', '?');
    await eventually(rows).toHaveLength(2);
    for (const viewport of [
      { width: 1280, height: 1100 },
      { width: 820, height: 1180 },
      { width: 360, height: 740 },
    ]) {
      await page.setViewportSize(viewport);
      const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      expect(passes.length).toBeGreaterThanOrEqual(10);
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([]);
      const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
      expect(scrollWidth).toBe(clientWidth);
    }
    const targets = page.locator(
      '.tool-bar label, .tool-bar button, .viewer-window button, .number-field input, .measure-list button',
    );
    expect(await targets.count()).toBeGreaterThan(18);
    for (const target of await targets.all()) {
      const { width, height } = (await target.boundingBox())!;
      expect(Math.min(width, height), await target.innerText()).toBeGreaterThanOrEqual(43.9);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await new AxeBuilder({ page }).setLegacyMode(true).withRules(['color-contrast']).analyze();
    expect(dark.violations).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 1100 });
  });

  it('goes through the pictures of a file, and lays nothing of the first on another', async () => {
    await choose(page, 'two.dcm', chest(2));
    await untilListed(page, 'two.dcm', /Pneumonia/);
    await openResult(page, 'two.dcm');
    await stage().focus();
    const first = await greyOnScreen(page, 5);
    expect(await page.locator('.viewer-outline').count()).toBe(1);
    await keys('PageDown');
    await eventually(() => page.locator('.viewer-place').innerText()).toBe('Picture 2 of 2 · not read');
    await eventually(() => page.locator('.viewer-outline, .viewer-heat').count()).toBe(0);
    await eventually(async () => (await greyOnScreen(page, 5))[0]).toBeGreaterThan(first[0]!);
    await keys(
      'p',
      ...Array.from({ length: 20 }, () => 'Shift+ArrowLeft'),
      ...Array.from({ length: 20 }, () => 'Shift+ArrowUp'),
    );
    await eventually(spoken).toBe('value 4095 at column 1, row 1.');
    await page.getByRole('button', { name: 'Picture before' }).click();
    await eventually(() => page.locator('.viewer-outline').count()).toBe(1);
    await eventually(() => greyOnScreen(page, 5)).toEqual(first);
  });

  it('lets go of a ruler when a picture that is not square is turned under it', async () => {
    await choose(page, 'narrow.dcm', chest(1, 300));
    await untilListed(page, 'narrow.dcm', /Pneumonia/);
    await openResult(page, 'narrow.dcm');
    await page.getByText('Ruler', { exact: true }).click();
    await drag([100, 100], [200, 100]);
    await eventually(rows).toHaveLength(1);
    const drawn = await rows();
    const end = await at(200, 100);
    await page.mouse.move(end.x, end.y);
    await page.mouse.down();
    await keys('t');
    await eventually(changes).toEqual(['Turned 90° right']);
    await page.mouse.up();
    await page.mouse.move(end.x - 90, end.y + 60, { steps: 4 });
    expect(await rows()).toEqual(drawn);
    // Whoever watches the pointer is still there.
    const before = await sceneOf(page);
    await keys('Escape', 'm', '+', '+');
    await page.mouse.down();
    await page.mouse.move(end.x - 120, end.y + 90, { steps: 4 });
    await page.mouse.up();
    await eventually(async () => (await sceneOf(page)).x).not.toBe(before.x);
  });
});
