import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import { elementsOf } from '../fixtures/deidentified.ts';
import { named, namedChest } from '../fixtures/named-chest.ts';
import {
  choose,
  eventually,
  openFieldray,
  openResult,
  type ServedPage,
  servePage,
  untilListed,
} from './fieldray-page.ts';
import { mayGoWithout } from './open-browser.ts';

const fileName = 'chest.dcm';
const pictures = process.env['FIELDRAY_PICTURES'];

let served: ServedPage;
let context: BrowserContext;
let page: Page;
let complaints: string[];
let pseudonym = '';

async function violations(): Promise<string[]> {
  const { violations: found, passes } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(passes.length).toBeGreaterThan(10);
  return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** For a person who wants to see what a test saw: FIELDRAY_PICTURES names a folder. */
async function picture(name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png` });
}

/** Goes on with Tab until an element of that role and name has the focus. */
async function tabTo(role: 'button' | 'searchbox' | 'checkbox' | 'radio', name: RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  for (let step = 0; step < 80; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${role} ${String(name)}`);
}

async function savedFile(save: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), save()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe.skipIf(mayGoWithout)('the contents of a file', () => {
  beforeAll(async () => {
    served = await servePage();
    context = await served.browser.newContext({ viewport: { width: 1280, height: 860 } });
    ({ page, complaints } = await openFieldray(context, served.address));
    await choose(page, fileName, namedChest());
    await untilListed(page, fileName, /score|probability|refused|not read/i);
    await openResult(page, fileName);
  }, 180_000);
  afterAll(async () => {
    await context?.close();
    await served?.close();
  });

  it('are shown in a table that can be searched, personal lines marked with a word', async () => {
    await page.getByRole('button', { name: 'What the file says' }).click();
    const sheet = page.getByRole('dialog', { name: 'What the file says' });
    await sheet.getByRole('row', { name: /Patient Name/ }).waitFor();
    await picture('header');
    expect(await violations()).toEqual([]);
    const row = sheet.getByRole('row', { name: /Patient Name/ });
    expect(await row.innerText()).toMatch(/personal[\s\S]*OKELLO, GRACE/);
    expect(await sheet.getByRole('row', { name: /^Rows/ }).innerText()).not.toContain('personal');
    await sheet.getByRole('searchbox').fill('abel');
    await eventually(() => sheet.getByRole('rowheader').allInnerTexts()).toHaveLength(3);
    expect((await sheet.getByRole('rowheader').allInnerTexts()).join('\n')).toMatch(
      /Request Attributes Sequence[\s\S]*Item 1[\s\S]*Scheduled Procedure Step Description/,
    );
    await eventually(() => sheet.getByRole('status').innerText()).toMatch(/^3 of \d+ lines$/);
    await sheet.getByRole('searchbox').fill('no such thing');
    await sheet.getByText('Nothing in this file fits the search.').waitFor();
    await sheet.getByRole('button', { name: 'Close' }).click();
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('go out without the name, in the header and in the picture', async () => {
    await page.getByRole('button', { name: 'Export without names…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Export without names' });
    await sheet.getByText('The file says that there is writing inside the picture.').waitFor();
    await sheet.getByRole('button', { name: /^Area 1:/ }).waitFor();
    await sheet.getByRole('img', { name: 'The picture as it is now' }).waitFor();
    await picture('export');
    expect(await violations()).toEqual([]);
    // Nobody has looked yet.
    await sheet.getByRole('button', { name: 'Save the file' }).click();
    expect(
      await sheet
        .getByRole('checkbox', { name: /I have looked/ })
        .evaluate((box: HTMLInputElement) => box.validity.valid),
    ).toBe(false);
    await sheet.getByRole('checkbox', { name: /I have looked/ }).check();
    const { name, bytes } = await savedFile(() =>
      sheet.getByRole('button', { name: 'Save the file' }).click(),
    );
    await sheet.getByText(`Saved as ${name}.`).waitFor();
    await picture('exported');

    expect(name).toMatch(/^FR-[2-9A-Z]{4}-[2-9A-Z]{4}_[2-9A-Z]{4}-[2-9A-Z]{4}\.dcm$/);
    const left = bytes.toString('latin1');
    for (const word of ['OKELLO', 'GRACE', named.id, named.studyUid, 'Abel', 'mother']) {
      expect(left).not.toContain(word);
    }
    expect(elementsOf(bytes).text(0x00080008)).toMatch(/^DERIVED/);
    pseudonym = name.slice(0, 12);
    expect(elementsOf(bytes).text(0x00100010)).toBe(pseudonym);
    const { x, y, text, size } = named.writing;
    const { image } = await decodeImage(bytes, loadCodecFile);
    const letters = Array.from({ length: 7 * size }, (_, row) =>
      image.pixels.subarray(
        (y + row) * image.width + x,
        (y + row) * image.width + x + text.length * 6 * size,
      ),
    );
    expect(Math.max(...letters.map((row) => Math.max(...row)))).toBeLessThan(0.1);
    await page.keyboard.press('Escape');
  });

  it('can be read and exported by keyboard alone', async () => {
    await page.locator('#result h2').focus();
    await tabTo('button', /^What the file says$/);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Patient Name/ }).waitFor();
    await tabTo('searchbox', /Search/);
    await page.keyboard.type('patient id');
    await eventually(() => page.getByRole('rowheader').allInnerTexts()).toHaveLength(1);
    await page.keyboard.press('Escape');
    // The first Escape empties the search field.
    if ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe(
      'What the file says',
    );

    await tabTo('button', /^Export without names…$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Area 1:/ }).waitFor();
    await tabTo('radio', /Take all dates out/);
    await page.keyboard.press('ArrowDown');
    await tabTo('button', /^Area 1:/);
    const nameOf = (index: number) =>
      page.getByRole('button', { name: new RegExp(`^Area ${index}:`) }).getAttribute('aria-label');
    const before = await nameOf(1);
    await page.keyboard.press('ArrowRight');
    await eventually(() => nameOf(1)).not.toBe(before);
    await page.keyboard.press('ArrowLeft');
    await eventually(() => nameOf(1)).toBe(before);
    await page.keyboard.press('Shift+ArrowDown');
    await eventually(() => nameOf(1)).not.toBe(before);
    await tabTo('button', /^Add an area$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Area 2:/ }).focus();
    await page.keyboard.press('Delete');
    await eventually(() => page.getByRole('button', { name: /^Area 2:/ }).count()).toBe(0);
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Add an area');
    await tabTo('checkbox', /I have looked/);
    await page.keyboard.press('Space');
    await tabTo('button', /^Save the file$/);
    const { bytes } = await savedFile(() => page.keyboard.press('Enter'));
    // The key of the device is made once.
    expect(elementsOf(bytes).text(0x00100010)).toBe(pseudonym);
    expect(elementsOf(bytes).text(0x00280303)).toBe('MODIFIED');
    expect(elementsOf(bytes).text(0x00080020)).toMatch(/^20[12]\d{5}$/);
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('are covered by areas that a pointer draws, moves and resizes', async () => {
    await page.getByRole('button', { name: 'Export without names…' }).click();
    const stage = page.locator('.mask-stage');
    await page.getByRole('button', { name: /^Area 1:/ }).waitFor();
    await stage.scrollIntoViewIfNeeded();
    const box = (await stage.boundingBox())!;
    const scale = 512 / box.width;
    const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
      await page.mouse.move(box.x + from[0] / scale, box.y + from[1] / scale);
      await page.mouse.down();
      await page.mouse.move(box.x + to[0] / scale, box.y + to[1] / scale, { steps: 4 });
      await page.mouse.up();
    };
    const area = async (): Promise<number[]> => {
      const label = await page.getByRole('button', { name: /^Area 2:/ }).getAttribute('aria-label');
      return Array.from((label ?? '').slice(7).matchAll(/\d+/g), ([digits]) => Number(digits));
    };
    const near = (expected: readonly number[]) => async (): Promise<boolean> =>
      (await area()).every((value, index) => Math.abs(value - (expected[index] ?? 0)) <= 4);
    await drag([100, 200], [200, 240]);
    await eventually(near([100, 40, 100, 200])).toBe(true);
    await drag([150, 220], [200, 260]);
    await eventually(near([100, 40, 150, 240])).toBe(true);
    await drag([250, 280], [300, 300]);
    await eventually(near([150, 60, 150, 240])).toBe(true);
    await page.getByRole('button', { name: 'Remove area 2' }).click();
    await eventually(() => page.getByRole('button', { name: /^Area 2:/ }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('are asked about anew after every change, and Escape throws no area away', async () => {
    await page.getByRole('button', { name: 'Export without names…' }).click();
    const tick = page.getByRole('checkbox', { name: /I have looked/ });
    await tick.check();
    await page.getByRole('button', { name: /^Area 1:/ }).focus();
    await page.keyboard.press('ArrowDown');
    await eventually(() => tick.isChecked()).toBe(false);
    await tick.check();
    await page.getByRole('radio', { name: /Keep the time/ }).check();
    await eventually(() => tick.isChecked()).toBe(false);
    const area = page.getByRole('button', { name: /^Area 1:/ });
    await area.focus();
    await page.keyboard.press('Escape');
    await eventually(() => area.evaluate((found) => found === document.activeElement)).toBe(false);
    const label = await area.getAttribute('aria-label');
    await area.hover();
    await page.mouse.down();
    await page.mouse.move(300, 500, { steps: 3 });
    await eventually(() => area.getAttribute('aria-label')).not.toBe(label);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await eventually(() => area.getAttribute('aria-label')).toBe(label);
    const question = page.getByText(/^Close without saving\? The areas/);
    for (let time = 0; time < 3; time += 1) {
      // On an area, Escape leaves the area.
      await page.getByRole('button', { name: 'Close', exact: true }).focus();
      await page.keyboard.press('Escape');
      await question.waitFor();
      await page.keyboard.press('Escape');
      await question.waitFor({ state: 'detached' });
      expect(await page.getByRole('dialog').count()).toBe(1);
    }
    expect(await area.getAttribute('aria-label')).toBe(label);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Close without saving' }).click();
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('leave only after each picture of the file was looked at', async () => {
    await choose(page, 'two.dcm', namedChest(2));
    await untilListed(page, 'two.dcm', /score|probability|refused|not read/i);
    await openResult(page, 'two.dcm');
    await page.getByRole('button', { name: 'Export without names…' }).click();
    await page.getByText(/holds 2 pictures, .* You have seen 1/).waitFor();
    const tick = page.getByRole('checkbox', { name: /looked at all 2 pictures/ });
    expect([
      await tick.isDisabled(),
      await page.getByRole('button', { name: 'Save the file' }).isDisabled(),
    ]).toEqual([true, true]);
    await page.getByRole('dialog').getByRole('button', { name: 'Picture after' }).click();
    await page.getByText('You have seen all 2 pictures.').waitFor();
    await picture('export-frames');
    expect(await violations()).toEqual([]);
    await tick.check();
    const { bytes } = await savedFile(() => page.getByRole('button', { name: 'Save the file' }).click());
    expect(elementsOf(bytes).text(0x00280008)).toBe('2');
    await page.getByText(/^Saved as/).waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
    await openResult(page, fileName);
  });

  it('fit a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [button, name] of [
      ['What the file says', 'header-phone'],
      ['Export without names…', 'export-phone'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.locator('.header-table, .mask-stage img').first().waitFor();
      await picture(name);
      const overhang = await page
        .locator('.sheet')
        .evaluate((sheet) => sheet.scrollWidth - sheet.clientWidth);
      expect(overhang).toBe(0);
      expect(await violations()).toEqual([]);
      await page.getByRole('button', { name: 'Close' }).click();
      await eventually(() => page.getByRole('dialog').count()).toBe(0);
    }
    await picture('result-phone');
    await page.setViewportSize({ width: 1280, height: 860 });
    await picture('result');
  });

  it('gave nobody reason to complain', () => {
    expect(complaints).toEqual([]);
  });
});
