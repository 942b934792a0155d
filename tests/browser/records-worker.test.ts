import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { operatorOf } from '../../server/entry/operator-of.ts';
import { buildInto } from '../../web/build/build-into.ts';
import type { RecordsStatus } from '../../web/engine/records-api.ts';
import { serveTestHub } from '../records/served-hub.ts';
import { type DeviceWindow, openDeviceWindow } from './device-windows.ts';
import { eventually } from './fieldray-page.ts';
import { mayGoWithout, openProfile } from './open-browser.ts';
import { scanProfile, textForms } from './scan-profile.ts';

const root = fileURLToPath(new URL('../fixtures/device-page', import.meta.url));

const ann = { email: 'planted.ann@example.org', password: 'planted seven lungs' };
const deviceName = 'Planted laptop of the ward';
/** Browsers start and passwords cost, on a machine that may be busy. */
const patienceMs = 120_000;
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

  const openWindow = (): Promise<DeviceWindow> => openDeviceWindow(context, hub.address, complaints);

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

  it(
    'signs in, writes without the hub, survives a restart, brings everything to the hub once, and leaves nothing to read',
    async () => {
      let window = await openWindow();
      await window.untilVault('none');
      const signedIn = await window.ask<RecordsStatus>('signIn', { ...ann, deviceName });
      expect(signedIn).toMatchObject({ vault: 'open', open: { person: { email: ann.email } } });
      await window.untilSettled();

      hub.online(false);
      const added = await window.ask<string[]>('appendFiles', [image], [file]);
      expect(added).toHaveLength(1);
      await window.ask('append', [{ ...review, basedOn: added }]);
      await context.close();

      context = await openProfile(profile);
      window = await openWindow();
      await window.untilVault('locked');
      expect(await window.ask('rows', 'images', { limit: 10 })).toBe('vault.locked');
      expect(await window.ask('unlock', { ...ann, password: 'guessed' })).toBe('account.wrong-credentials');
      const unlocked = await window.ask<RecordsStatus>('unlock', ann);
      expect(unlocked.open?.counts).toMatchObject({ outbox: 2 });
      const row = await window.ask<{ personal: object }>('row', 'images', film);
      expect(JSON.stringify(row.personal)).toContain('Planted^Patient');
      expect(await window.ask('append', [review])).toHaveLength(1);

      hub.online(true);
      await window.ask('syncNow');
      await window.untilSettled();
      expect(await hub.kinds()).toMatchObject({ 'device.enrolled': 2, 'image.added': 1, 'review.added': 2 });
      expect(await hub.findings()).toEqual([]);
      const stored = await hub.asAdmin(`/blobs/${sha256}`);
      expect(
        createHash('sha256')
          .update(new Uint8Array(await stored.arrayBuffer()))
          .digest('hex'),
      ).toBe(sha256);

      await window.ask('lock');
      expect(await window.ask('append', [review])).toBe('vault.locked');
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
    },
    patienceMs,
  );

  it(
    'writes a file that the hub takes without a network, and takes one that it was brought',
    async () => {
      const window = await openWindow();
      await window.ask('signIn', { ...ann, deviceName });
      await window.untilSettled();
      hub.online(false);
      await window.ask('appendFiles', [image], [file]);
      const { made, hex } = await window.page.evaluate<{ made: object; hex: string }>(`makeBundle('outbox')`);
      expect(made).toEqual({ entries: 2, pictures: 1, broken: [] });
      const path = join(built, 'stick');
      writeFileSync(path, Buffer.from(hex, 'hex'));
      for (let times = 0; times < 2; times++) {
        const { bundle } = await operatorOf(hub.records).run({ do: 'take-bundle', file: path });
        const entries = { stored: 2, orphans: 0, refused: 0 };
        expect(bundle).toMatchObject({ entries, pictures: { fresh: 1 - times, known: times } });
      }
      expect(await hub.kinds()).toMatchObject({ 'image.added': 1 });
      const stored = await hub.asAdmin(`/blobs/${sha256}`);
      expect(Buffer.from(await stored.arrayBuffer()).equals(picture)).toBe(true);
      expect(await hub.findings()).toEqual([]);

      expect(await window.page.evaluate(`takeBundle('${hex.slice(0, -2)}')`)).toBe('bundle.cut-short');
      expect(await window.page.evaluate(`takeBundle('${hex}')`)).toMatchObject({
        kind: 'records',
        entries: { fresh: 0, known: 2, orphans: 0, refused: 0 },
        pictures: { fresh: 0, known: 1 },
      });

      // In a second browser, which has never met the first one.
      const otherProfile = mkdtempSync(join(tmpdir(), 'fieldray-profile-'));
      hub.online(true);
      const other = await openProfile(otherProfile);
      try {
        const second = await openDeviceWindow(other, hub.address, complaints);
        await second.ask('signIn', { ...ann, deviceName: 'another laptop' });
        await second.untilSettled();
        expect(await second.page.evaluate(`takeBundle('${hex}')`)).toMatchObject({
          entries: { refused: 0, orphans: 0 },
          pictures: { fresh: 1 },
        });
        const row = await second.ask<{ personal: object }>('row', 'images', film);
        expect(JSON.stringify(row.personal)).toContain('Planted^Patient');
        await second.untilSettled();
      } finally {
        await other.close();
        rmSync(otherProfile, { recursive: true });
      }
      expect(complaints).toEqual([]);
    },
    patienceMs,
  );

  it(
    'takes 250 ms at least of whoever guesses, and 64 MiB',
    async () => {
      const window = await openWindow();
      await window.ask('signIn', { ...ann, deviceName });
      const [{ password }] = await window.page.evaluate<
        [{ password: { tookMs: number; parameters: object } }]
      >(
        `new Promise((resolve) => {
        indexedDB.open('fieldray-vault').onsuccess = ({ target }) =>
          (target.result.transaction('items').objectStore('items').get('vault').onsuccess = ({ target }) =>
            resolve(target.result.people.map(({ password: { tookMs, parameters } }) => ({ password: { tookMs, parameters } }))));
      })`,
      );
      expect(password.parameters).toMatchObject({ memoryKib: 65_536 });
      expect(password.tookMs).toBeGreaterThanOrEqual(250);
      const start = Date.now();
      expect(await window.ask('unlock', { ...ann, password: 'guessed' })).toBe('account.wrong-credentials');
      expect(Date.now() - start).toBeGreaterThanOrEqual(250);
    },
    patienceMs,
  );

  it(
    'opens with a passkey, and not with one that has not seen its person',
    async () => {
      const window = await openDeviceWindow(
        context,
        hub.address.replace('127.0.0.1', 'localhost'),
        complaints,
      );
      const { page } = window;
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
      await window.ask('signIn', { ...ann, deviceName });
      expect(await page.evaluate(`addPasskey({ email: '${ann.email}', password: 'guessed' })`)).toBe(
        'account.wrong-credentials',
      );
      expect(await page.evaluate(`addPasskey(${JSON.stringify(ann)})`)).toBeUndefined();
      await window.ask('lock');
      expect(await page.evaluate('unlockWithPasskey()')).toMatchObject({
        vault: 'open',
        open: { person: { email: ann.email } },
      });
      await window.ask('lock');
      await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
      expect(await page.evaluate('unlockWithPasskey()')).toBe('vault.passkey-refused');
      await window.untilVault('locked');
    },
    patienceMs,
  );

  it(
    'that dies is replaced by one that is locked, for the keys died with it',
    async () => {
      const window = await openWindow();
      await window.ask('signIn', { ...ann, deviceName });
      await window.untilSettled();
      const [worker] = window.page.workers();
      await worker!.evaluate('close()').catch(() => undefined);
      await window.untilVault('locked');
      expect(await window.ask('append', [review])).toBe('vault.locked');
      await window.ask('unlock', ann);
      expect(await window.ask('append', [review])).toHaveLength(1);
      await window.untilSettled();
    },
    patienceMs,
  );

  it(
    'opens and locks all windows together, and syncs in one of them at a time',
    async () => {
      const [first, second] = [await openWindow(), await openWindow()];
      await first.ask('signIn', { ...ann, deviceName });
      await second.untilVault('open');
      await second.untilSettled();
      const holders = ({ page }: DeviceWindow) =>
        page.evaluate<(string | undefined)[]>(
          `navigator.locks.query().then(({ held, pending }) =>
          [...held, ...pending].filter(({ name }) => name === 'fieldray-sync').map(({ mode }) => mode))`,
        );
      expect(await holders(first)).toHaveLength(2);

      // The one that syncs is gone in the middle of its work, and the other one goes on.
      await first.page.close({ runBeforeUnload: false });
      const start = Date.now();
      expect(await second.ask('append', [image])).toHaveLength(1);
      const pushedAfter = (): number | undefined =>
        hub.asked.find(({ path, at }) => path.endsWith('/push') && at >= start)?.at;
      await eventually(async () => pushedAfter()).toBeDefined();
      expect(pushedAfter()! - start).toBeLessThan(5000);
      await second.untilSettled();

      const third = await openWindow();
      await third.untilVault('open');
      expect(await third.ask('row', 'images', film)).toMatchObject({ personal: {} });
      await third.ask('lock');
      await second.untilVault('locked');
      expect(await second.ask('append', [review])).toBe('vault.locked');
      expect(await hub.findings()).toEqual([]);
      expect(complaints).toEqual([]);
    },
    patienceMs,
  );
});
