import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildInto } from '../../web/build/build-into.ts';
import type { RecordsStatus } from '../../web/engine/records-api.ts';
import { serveTestHub } from '../records/served-hub.ts';
import { eventually } from './fieldray-page.ts';
import { mayGoWithout, openProfile } from './open-browser.ts';
import { scanProfile, textForms } from './scan-profile.ts';

const root = fileURLToPath(new URL('../fixtures/device-page', import.meta.url));

const ann = { email: 'planted.ann@example.org', password: 'planted seven lungs' };
const deviceName = 'Planted laptop of the ward';
const film = 'f'.repeat(64);

const built = mkdtempSync(join(tmpdir(), 'fieldray-device-page-'));

describe.skipIf(mayGoWithout)('the worker that keeps the records', () => {
  let hub: Awaited<ReturnType<typeof serveTestHub>>;
  let profile: string;
  let context: BrowserContext;
  let complaints: string[];

  beforeAll(async () => {
    await buildInto(built, { root });
  }, 120_000);
  afterAll(() => rmSync(built, { recursive: true }));

  beforeEach(async () => {
    complaints = [];
    profile = mkdtempSync(join(tmpdir(), 'fieldray-profile-'));
    hub = await serveTestHub(built);
    await hub.member(ann.email, ann.password, 'doctor');
    context = await openProfile(profile);
    return async () => {
      await context.close();
      await hub.close();
      rmSync(profile, { recursive: true });
    };
  });

  async function openWindow(): Promise<Page> {
    const page = await context.newPage();
    page.on('console', (message) => {
      const isComplaint = message.type() === 'error' && !/ERR_|status of/.test(message.text());
      if (isComplaint) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(hub.address);
    return page;
  }

  /** What it answers, or the code of what it threw. */
  async function ask<Answer = unknown>(
    page: Page,
    call: string,
    ...args: readonly unknown[]
  ): Promise<Answer> {
    const given = args.map((arg) => JSON.stringify(arg)).join(', ');
    const said = await page.evaluate<{ answer?: Answer; code?: string }>(
      call === 'appendFiles' ? `appendFiles(${given})` : `ask('${call}', [${given}])`,
    );
    return said.code === undefined ? said.answer! : (said.code as Answer);
  }

  const statusOf = (page: Page): Promise<RecordsStatus | undefined> => page.evaluate('recordsStatus()');
  const settled = (page: Page) =>
    eventually(async () => {
      const status = await statusOf(page);
      return [status?.sync.state, status?.open?.counts.outbox];
    }).toEqual(['settled', 0]);
  const vaultOf = (page: Page) => eventually(async () => (await statusOf(page))?.vault);

  const picture = randomBytes(2_500_000);
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const image = {
    kind: 'image.added',
    entity: film,
    body: {
      sha256,
      bytes: picture.length,
      type: 'application/dicom',
      fileName: 'planted film.dcm',
      patient: { name: 'Planted^Patient', id: 'planted id' },
    },
  };
  const review = {
    kind: 'review.added',
    entity: film,
    body: { findings: [], results: [], note: 'planted note about an effusion' },
  };
  const file = { hex: picture.toString('hex'), type: 'application/dicom' };

  it('signs in, writes without the hub, survives a restart, brings everything to the hub once, and leaves nothing to read', async () => {
    let page = await openWindow();
    await vaultOf(page).toBe('none');
    const signedIn = await ask<RecordsStatus>(page, 'signIn', { ...ann, deviceName });
    expect(signedIn).toMatchObject({ vault: 'open', open: { person: { email: ann.email } } });
    await settled(page);

    hub.online(false);
    const added = await ask<string[]>(page, 'appendFiles', [image], [file]);
    expect(added).toHaveLength(1);
    await ask(page, 'append', [{ ...review, basedOn: added }]);
    await context.close();

    context = await openProfile(profile);
    page = await openWindow();
    await vaultOf(page).toBe('locked');
    expect(await ask(page, 'rows', 'images', { limit: 10 })).toBe('vault.locked');
    expect(await ask(page, 'unlock', { ...ann, password: 'guessed' })).toBe('account.wrong-credentials');
    const unlocked = await ask<RecordsStatus>(page, 'unlock', ann);
    expect(unlocked.open?.counts).toMatchObject({ outbox: 2 });
    const row = await ask<{ personal: object }>(page, 'row', 'images', film);
    expect(JSON.stringify(row.personal)).toContain('Planted^Patient');
    expect(await ask(page, 'append', [review])).toHaveLength(1);

    hub.online(true);
    await ask(page, 'syncNow');
    await settled(page);
    expect(await hub.kinds()).toMatchObject({ 'device.enrolled': 2, 'image.added': 1, 'review.added': 2 });
    expect(await hub.findings()).toEqual([]);
    const stored = await hub.asAdmin(`/blobs/${sha256}`);
    expect(
      createHash('sha256')
        .update(new Uint8Array(await stored.arrayBuffer()))
        .digest('hex'),
    ).toBe(sha256);

    await ask(page, 'lock');
    expect(await ask(page, 'append', [review])).toBe('vault.locked');
    await context.close();
    expect(complaints).toEqual([]);
    const texts = [
      'Planted^Patient',
      'planted id',
      'planted film.dcm',
      'planted note',
      ...Object.values(ann),
      deviceName,
    ];
    const needles = new Map([
      ...texts.map((text) => [text, textForms(text)] as const),
      ['pixels', [picture.subarray(1_200_000, 1_200_064)]] as const,
    ]);
    const { found, bytes } = scanProfile(profile, needles);
    expect([found, bytes > 2_500_000]).toEqual([[], true]);
    context = await openProfile(profile);
  }, 120_000);

  it('takes 250 ms at least of whoever guesses, and 64 MiB', async () => {
    const page = await openWindow();
    await ask(page, 'signIn', { ...ann, deviceName });
    const [{ password }] = await page.evaluate<[{ password: { tookMs: number; parameters: object } }]>(
      `new Promise((resolve) => {
        indexedDB.open('fieldray-vault').onsuccess = ({ target }) =>
          (target.result.transaction('items').objectStore('items').get('vault').onsuccess = ({ target }) =>
            resolve(target.result.people.map(({ password: { tookMs, parameters } }) => ({ password: { tookMs, parameters } }))));
      })`,
    );
    expect(password.parameters).toMatchObject({ memoryKib: 65_536 });
    expect(password.tookMs).toBeGreaterThanOrEqual(250);
    const start = Date.now();
    expect(await ask(page, 'unlock', { ...ann, password: 'guessed' })).toBe('account.wrong-credentials');
    expect(Date.now() - start).toBeGreaterThanOrEqual(250);
  });

  it('opens with a passkey, and not with one that has not seen its person', async () => {
    const page = await context.newPage();
    await page.goto(hub.address.replace('127.0.0.1', 'localhost'));
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        hasPrf: true,
      },
    });
    await ask(page, 'signIn', { ...ann, deviceName });
    expect(await page.evaluate(`addPasskey({ email: '${ann.email}', password: 'guessed' })`)).toBe(
      'account.wrong-credentials',
    );
    expect(await page.evaluate(`addPasskey(${JSON.stringify(ann)})`)).toBeUndefined();
    await ask(page, 'lock');
    expect(await page.evaluate('unlockWithPasskey()')).toMatchObject({
      vault: 'open',
      open: { person: { email: ann.email } },
    });
    await ask(page, 'lock');
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    expect(await page.evaluate('unlockWithPasskey()')).toBe('device.unsupported');
    await vaultOf(page).toBe('locked');
  });

  it('opens and locks all windows together, and syncs in one of them at a time', async () => {
    const [first, second] = [await openWindow(), await openWindow()];
    await ask(first, 'signIn', { ...ann, deviceName });
    await vaultOf(second).toBe('open');
    await settled(second);
    const holders = (page: Page) =>
      page.evaluate<(string | undefined)[]>(
        `navigator.locks.query().then(({ held, pending }) =>
          [...held, ...pending].filter(({ name }) => name === 'fieldray-sync').map(({ mode }) => mode))`,
      );
    expect(await holders(first)).toHaveLength(2);

    // The one that syncs is gone in the middle of its work, and the other one goes on.
    await first.close({ runBeforeUnload: false });
    const start = Date.now();
    expect(await ask(second, 'append', [image])).toHaveLength(1);
    await settled(second);
    const takenOver = hub.asked.find(({ path, at }) => path.endsWith('/push') && at >= start);
    expect(takenOver!.at - start).toBeLessThan(5000);

    const third = await openWindow();
    await vaultOf(third).toBe('open');
    expect(await ask(third, 'row', 'images', film)).toMatchObject({ personal: {} });
    await ask(third, 'lock');
    await vaultOf(second).toBe('locked');
    expect(await ask(second, 'append', [review])).toBe('vault.locked');
    expect(await hub.findings()).toEqual([]);
    expect(complaints).toEqual([]);
  }, 60_000);
});
