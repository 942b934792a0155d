import { spawnSync } from 'node:child_process';
import type { BrowserContext, Page } from 'playwright-core';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { namedChest } from '../fixtures/named-chest.ts';
import { type ChosenFile, eventually } from './fieldray-page.ts';

/** What people of a clinic do with the page, by the words that stand on it. */

export interface Member {
  readonly email: string;
  readonly password: string;
}

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

async function write(page: Page, { email, password }: Member): Promise<void> {
  await page.getByLabel('E\u2011mail address', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

export async function signIn(page: Page, who: Member, device = 'Laptop of the ward'): Promise<void> {
  await page.locator('.masthead').getByRole('link', { name: 'Sign in' }).click();
  await write(page, who);
  await page.getByLabel('Name of this device').fill(device);
  await press(page, 'Sign in');
  await eventually(() => page.locator('h1').innerText()).toBe('Account and sync');
  await page.locator('.masthead').getByRole('link', { name: 'X\u2011rays' }).click();
}

export async function unlock(page: Page, who: Member): Promise<void> {
  await page.getByRole('heading', { name: 'Unlock' }).waitFor();
  await write(page, who);
  await press(page, 'Unlock');
  await page.getByRole('heading', { name: /^X.rays$/ }).waitFor();
}

/** Signs a reading of the X-ray that is open. */
export async function signReading(
  page: Page,
  answer: 'Present' | 'Not present' | 'Cannot tell',
  note: string,
  button = 'Sign this reading',
): Promise<void> {
  const form = page.locator('.review-form');
  await form.getByLabel(answer, { exact: true }).check();
  await form.getByLabel('Note').fill(note);
  await press(page, button);
  await form.getByText('Signed.').waitFor();
}

/** Asks the hub at once, and comes back to where it was. */
export async function syncNow(page: Page): Promise<void> {
  await page.locator('.masthead .account a').click();
  await press(page, 'Sync now');
  await eventually(() => page.locator('main').innerText()).toContain('Everything is at the hub.');
  await page.goBack();
}

/** A folder as it comes from a clinic: without extensions, and in three formats. */
export async function clinicFolder(page: Page): Promise<ChosenFile[]> {
  return [
    { name: 'IM000001', bytes: namedChest() },
    { name: 'second.png', bytes: phantomFile({ width: 640, height: 600, opacity: false }) },
    { name: 'third.jpg', bytes: await asJpeg(page, phantomFile({ width: 560, height: 560, opacity: true })) },
  ];
}

async function asJpeg(page: Page, png: Uint8Array): Promise<Uint8Array> {
  const text = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  }, Buffer.from(png).toString('base64'));
  return Buffer.from(text, 'base64');
}

/** As a power cut does: nothing is told, nothing is closed. */
export async function killBrowser(context: BrowserContext, profile: string): Promise<void> {
  const closed = new Promise((resolve) => context.once('close', resolve));
  spawnSync('pkill', ['-9', '-f', profile]);
  await closed;
}
