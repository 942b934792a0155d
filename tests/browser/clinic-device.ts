import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, CDPSession } from 'playwright-core';
import { killBrowser, type Member } from './clinic-page.ts';
import { type DeviceWindow, openDeviceWindow } from './device-windows.ts';
import { openProfile } from './open-browser.ts';

interface DeviceTally {
  readonly acknowledged: string[];
  kills: number;
  full: number;
  locks: number;
  cuts: number;
  /** Answers that none of what was done explains. */
  readonly surprises: string[];
}

export interface ClinicDevice {
  readonly tally: DeviceTally;
  /** Writes, and suffers what devices of a clinic suffer. @param end milliseconds since 1970 */
  workUntil(end: number): Promise<void>;
  /** With a network, room and an open vault. */
  recover(): Promise<void>;
  sync(): Promise<void>;
  /** What it shows of images, in the order of their names. */
  images(): Promise<unknown>;
  close(): Promise<void>;
}

interface DeviceParts {
  readonly profile: string;
  readonly address: string;
  readonly who: Member;
  readonly random: () => number;
}

/** Pictures that all devices know, so that they read the same ones. */
const sharedFilms = 20;

/** A profile of Chromium with one window, driven by chance. */
export async function openClinicDevice({
  profile,
  address,
  who,
  random,
}: DeviceParts): Promise<ClinicDevice> {
  const tally: DeviceTally = { acknowledged: [], kills: 0, full: 0, locks: 0, cuts: 0, surprises: [] };
  const complaints: string[] = [];
  let context: BrowserContext;
  let window: DeviceWindow;
  let devtools: CDPSession;
  let written = 0;

  async function open(): Promise<void> {
    context = await openProfile(profile);
    window = await openDeviceWindow(context, address, complaints);
    devtools = await context.newCDPSession(window.page);
  }
  const setQuota = (quotaSize?: number) =>
    devtools.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(address).origin,
      ...(quotaSize !== undefined && { quotaSize }),
    });

  const film = (number: number): string => createHash('sha256').update(`film ${number}`).digest('hex');

  /** A picture now and then, readings most of the time. @returns the code of a refusal */
  async function write(): Promise<string | undefined> {
    const entity = film(Math.floor(random() * sharedFilms));
    const number = written++;
    const isPicture = random() < 0.3;
    const picture = createHash('sha256').update(`${profile} ${number}`).digest();
    const sha256 = createHash('sha256').update(picture).digest('hex');
    const added = {
      kind: 'image.added',
      entity: film(sharedFilms + Math.floor(random() * 1e6)),
      body: { sha256, bytes: picture.length, type: 'image/png', fileName: `${number}.png` },
    };
    const row = await window.ask<{ clear?: { reviews: object } } | string | undefined>(
      'row',
      'images',
      entity,
    );
    const basedOn = typeof row === 'object' ? Object.keys(row.clear?.reviews ?? {}).slice(-10) : [];
    const present = (['yes', 'no', 'uncertain'] as const)[number % 3];
    const review = {
      kind: 'review.added',
      entity,
      basedOn,
      body: { findings: [{ code: 'pneumonia', present }], results: [], note: `note ${number}` },
    };
    const said = isPicture
      ? await window.ask<string[] | string>(
          'appendFiles',
          [added],
          [{ hex: picture.toString('hex'), type: 'image/png' }],
        )
      : await window.ask<string[] | string>('append', [review]);
    if (!Array.isArray(said)) return said;
    tally.acknowledged.push(...said);
    return undefined;
  }

  async function writeOnFullDisk(): Promise<void> {
    await setQuota(0);
    const code = await write();
    if (code === 'storage.full') tally.full += 1;
    else if (code !== undefined && code !== 'storage.unavailable') tally.surprises.push(`full disk: ${code}`);
    await setQuota();
  }

  async function unlock(): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const answer = await window.ask<{ vault?: string } | string>('unlock', who);
      if (typeof answer === 'object') return;
      // A profile that was killed while it closed may need a moment.
      await sleep(500);
      if (tries === 4) tally.surprises.push(`unlock: ${answer}`);
    }
  }

  async function killAndReopen(): Promise<void> {
    const dying = write().catch(() => undefined);
    await sleep(random() * 100);
    await killBrowser(context, profile);
    await dying;
    tally.kills += 1;
    await open();
    await unlock();
  }

  async function step(): Promise<void> {
    const chance = random();
    if (chance < 0.03) return killAndReopen();
    if (chance < 0.06) return writeOnFullDisk();
    if (chance < 0.09) {
      await window.ask('lock');
      tally.locks += 1;
      return unlock();
    }
    if (chance < 0.13) {
      tally.cuts += 1;
      await context.setOffline(true);
      for (let turn = 0; turn < 5; turn++) await write();
      return context.setOffline(false);
    }
    const code = await write();
    if (code !== undefined) tally.surprises.push(`write: ${code}`);
    await sleep(random() * 300);
  }

  await open();
  await window!.ask('signIn', { ...who, deviceName: profile.split('/').at(-1) });
  await window!.untilVault('open');

  return {
    tally,
    async workUntil(end) {
      while (Date.now() < end) await step();
    },
    async recover() {
      await context.setOffline(false);
      await setQuota();
      if ((await window.status())?.vault !== 'open') await unlock();
    },
    async sync() {
      await window.ask('syncNow');
      await window.untilSettled();
    },
    async images() {
      const all: unknown[] = [];
      for (let after: string | undefined; ;) {
        const page = await window.ask<{ key: string }[]>('rows', 'images', {
          limit: 200,
          ...(after !== undefined && { after }),
        });
        all.push(...page);
        after = page.at(-1)?.key;
        if (page.length < 200) return all;
      }
    },
    close: () => context.close(),
  };
}
