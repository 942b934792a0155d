import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { named } from '../fixtures/named-chest.ts';
import { serveTestHub } from '../records/served-hub.ts';
import { clinicFolder, killBrowser, press, signIn, signReading, syncNow, unlock } from './clinic-page.ts';
import {
  buildPage,
  type ChosenFile,
  choose,
  chooseAll,
  eventually,
  openFieldray,
  openResult,
  untilListed,
  untilReady,
} from './fieldray-page.ts';
import { mayGoWithout, openProfile } from './open-browser.ts';
import { scanProfile, textForms } from './scan-profile.ts';

const ann = { email: 'ann@example.org', password: 'seven lungs under glass' };
const dan = { email: 'dan@example.org', password: 'nine ribs behind a door' };

const chip = (page: Page): Promise<string> => page.locator('.masthead .account [role=status]').innerText();

const note = 'Right lower lobe, mother told';
const writtenDown = 'Achieng, Mary Atieno';
const draft = 'begun and not signed';

/** What of the session can be read in the files of the profile. */
function plainIn(profile: string, folder: readonly ChosenFile[]): readonly string[] {
  const texts = [named.name, named.shown, named.id, note, draft, writtenDown, ann.password];
  const needles = new Map<string, readonly Buffer[]>([
    ...[...texts, ...folder.map(({ name }) => name)].map((text) => [text, textForms(text)] as const),
    ...folder.flatMap(({ name, bytes }) =>
      [0.3, 0.5, 0.9].map((share) => {
        const at = Math.floor(bytes.length * share);
        return [`${name} at ${share}`, [Buffer.from(bytes.subarray(at, at + 64))]] as const;
      }),
    ),
  ]);
  const { files, bytes, found } = scanProfile(profile, needles);
  // It has looked at something.
  expect([files > 20, bytes > 1_000_000]).toEqual([true, true]);
  return found;
}

/** The first journey: what a clinic without a network does, from the first sign-in to the hub that has it all. */
describe.skipIf(mayGoWithout)('a clinic without a network', () => {
  let hub: Awaited<ReturnType<typeof serveTestHub>>;
  const profiles: string[] = [];
  const contexts = new Set<BrowserContext>();

  beforeEach(async () => {
    hub = await serveTestHub(buildPage());
    await hub.member(ann.email, ann.password, 'doctor');
    await hub.member(dan.email, dan.password, 'doctor');
  }, 120_000);
  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts.clear();
    await hub.close();
    for (const profile of profiles.splice(0)) rmSync(profile, { recursive: true });
  });

  async function open(profile: string, offline = false) {
    const context = await openProfile(profile);
    contexts.add(context);
    await context.setOffline(offline);
    return { context, ...(await openFieldray(context, hub.address)) };
  }
  function newProfile(): string {
    const profile = mkdtempSync(join(tmpdir(), 'fieldray-clinic-'));
    profiles.push(profile);
    return profile;
  }

  it('reads a folder, signs, loses power, unlocks, and the hub has everything once', async () => {
    const profile = newProfile();
    const first = await open(profile);
    await untilReady(first.page);
    await signIn(first.page, ann);
    await eventually(() => chip(first.page)).toContain('Everything is at the hub.');
    hub.online(false);
    await first.context.setOffline(true);

    const folder = await clinicFolder(first.page);
    await chooseAll(first.page, folder);
    for (const name of [named.shown, 'second.png', 'third.jpg']) {
      await untilListed(first.page, name, /Pneumonia: probability|Pneumonia: score/);
    }
    await openResult(first.page, named.shown);
    await eventually(() => first.page.locator('.record').innerText()).toContain(named.id);
    await signReading(first.page, 'Present', note);
    await openResult(first.page, 'second.png');
    await first.page.locator('.review-form').getByLabel('Note').fill(draft);
    await press(first.page, 'Name the patient');
    await first.page.locator('.patient-form').getByLabel('Name').fill(writtenDown);
    await press(first.page, 'Write it down');
    await first.page.locator('#result h2', { hasText: writtenDown }).waitFor();
    // A draft is kept when nobody has typed for a moment.
    await openResult(first.page, 'third.jpg');
    await eventually(() => chip(first.page)).toContain('records and 3 pictures only on this device');
    contexts.delete(first.context);
    await killBrowser(first.context, profile);
    expect(first.complaints).toEqual([]);
    expect(plainIn(profile, folder)).toEqual([]);

    const second = await open(profile, true);
    await unlock(second.page, ann);
    for (const name of [named.shown, writtenDown, 'third.jpg']) {
      await untilListed(second.page, name, /Pneumonia: probability|Pneumonia: score/);
    }
    await openResult(second.page, named.shown);
    await second.page.locator('.viewer-stage canvas').first().waitFor();
    await eventually(() => second.page.locator('.record').innerText()).toContain('One reading stands.');
    expect(await second.page.locator('.record').innerText()).toContain(note);
    await openResult(second.page, writtenDown);
    await eventually(() => second.page.getByLabel('Note').inputValue()).toBe(draft);

    hub.online(true);
    await second.context.setOffline(false);
    await eventually(() => chip(second.page)).toContain('Everything is at the hub.');
    expect(await hub.kinds()).toMatchObject({ 'image.added': 4, 'result.added': 3, 'review.added': 1 });
    for (const { bytes } of folder) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const answer = await hub.asAdmin(`/blobs/${sha256}`);
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array(bytes));
    }
    expect(await hub.findings()).toEqual([]);
    await second.page.locator('.masthead .account a').click();
    await press(second.page, 'Lock this device');
    await second.page.getByRole('heading', { name: 'Unlock' }).waitFor();
    expect(second.complaints).toEqual([]);
    contexts.delete(second.context);
    await second.context.close();
    expect(plainIn(profile, folder)).toEqual([]);
  }, 180_000);

  it('has two doctors who disagree, without a network, and both see that they do', async () => {
    const [here, there] = [await open(newProfile()), await open(newProfile())];
    await untilReady(here.page);
    await signIn(here.page, ann);
    const [film] = await clinicFolder(here.page);
    await choose(here.page, film!.name, film!.bytes);
    await untilListed(here.page, named.shown, /Pneumonia/);
    await eventually(() => chip(here.page)).toContain('Everything is at the hub.');
    await signIn(there.page, dan, 'Tablet of the doctor');
    await openResult(there.page, named.shown);
    await there.page.locator('.viewer-stage canvas').first().waitFor();
    hub.online(false);
    await openResult(here.page, named.shown);
    await signReading(here.page, 'Present', 'a shadow');
    await signReading(there.page, 'Not present', 'an overlay of the breast');
    hub.online(true);
    const says = async (page: Page): Promise<string> => page.locator('.record').innerText();
    await syncNow(there.page);
    await syncNow(here.page);
    await syncNow(there.page);
    for (const page of [here.page, there.page]) {
      await eventually(() => says(page)).toContain('Readings stand beside each other');
      expect(await says(page)).toMatch(/they disagree[^]*they disagree/);
      await eventually(() => page.locator('.row').first().innerText()).toContain('Readers disagree');
    }
    await signReading(there.page, 'Present', 'settled together', 'Sign and settle');
    await eventually(() => chip(there.page)).toContain('Everything is at the hub.');
    await syncNow(here.page);
    await eventually(() => says(here.page)).toContain('have been settled');
    await here.page.getByText('History').click();
    await eventually(() => says(here.page)).toMatch(/Somebody else .*settled the readings on another device/);
    expect(await hub.findings()).toEqual([]);
    expect([...here.complaints, ...there.complaints]).toEqual([]);
  }, 180_000);
});
