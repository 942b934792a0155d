import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../shared/kernel/seeded-random.ts';
import type { Ledger } from '../../shared/log/ledger.ts';
import { buildInto } from '../../web/build/build-into.ts';
import type { RecordsStatus } from '../../web/engine/records-api.ts';
import { damageInWords } from '../../web/screens/account/damage-words.ts';
import { serveTestHub } from '../records/served-hub.ts';
import { type DeviceWindow, openDeviceWindow } from './device-windows.ts';
import { eventually } from './fieldray-page.ts';
import { mayGoWithout, openProfile } from './open-browser.ts';

/**
 * A profile with three records that only it has, damaged on the disk while the browser is closed. Chromium keeps all databases
 * of a site in one folder, and throws the folder away when it cannot open it.
 */

const root = fileURLToPath(new URL('../fixtures/device-page', import.meta.url));
const ann = { email: 'ann@example.org', password: 'seven lungs under glass', deviceName: 'laptop' };
const film = 'f'.repeat(64);
const image = {
  kind: 'image.added',
  entity: film,
  body: { sha256: '0'.repeat(64), bytes: 3, type: 'image/png', fileName: 'film.png' },
};
const review = { kind: 'review.added', entity: film, body: { findings: [], results: [], note: 'seen' } };
const unsynced = 3;
/** Enough, and long enough, for the browser to move what it wrote down before into tables. */
const filler = seededRandom(7);
const noise = (length: number): string =>
  Array.from({ length }, () => Math.floor(36 * filler()).toString(36)).join('');
const films = Array.from({ length: 250 }, (_, index) => ({
  ...review,
  entity: index.toString(16).padStart(64, '0'),
  body: { ...review.body, note: noise(9000) },
}));

const [databases, siteStorage] = ['Default/IndexedDB', 'Default/Local Storage'];

describe.skipIf(mayGoWithout)('records that are damaged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldray-damaged-'));
  const at = (...names: string[]): string => join(folder, ...names);
  let hub: Awaited<ReturnType<typeof serveTestHub>>;
  const complaints: string[] = [];
  const begunAt = Date.now();

  async function inProfile<Result>(
    name: string,
    work: (window: DeviceWindow) => Promise<Result>,
  ): Promise<Result> {
    const context = await openProfile(at(name));
    try {
      return await work(await openDeviceWindow(context, hub.address, complaints));
    } finally {
      await context.close();
    }
  }
  const ledgerOf = ({ page }: DeviceWindow): Promise<Ledger | undefined> => page.evaluate('ledgerNow()');
  const copied = async (name: string): Promise<string> => {
    await makeSound();
    cpSync(at('sound'), at(name), { recursive: true });
    return name;
  };

  beforeAll(async () => {
    await buildInto(at('page'), { root });
    hub = await serveTestHub(at('page'));
    await hub.member(ann.email, ann.password, 'doctor');
  }, 120_000);

  let made: Promise<void> | undefined;
  /** The profile that all others are copies of; in a test, for it waits. */
  const makeSound = (): Promise<void> =>
    (made ??= inProfile('sound', async (window) => {
      await window.ask('signIn', ann);
      await window.ask('append', [image]);
      await window.ask('append', films);
      await window.untilSettled();
      hub.online(false);
      for (let count = 0; count < unsynced; count++) await window.ask('append', [review]);
      await eventually(async () => (await ledgerOf(window))?.unsynced.count).toBe(unsynced);
      hub.online(true);
    }));
  afterAll(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });

  /** Whoever is refused because the browser has just thrown everything away tries again, as a person does. */
  async function enter(window: DeviceWindow, how: 'unlock' | 'signIn'): Promise<void> {
    await eventually(async () => {
      const said = await window.ask<RecordsStatus | string>(how, { ...ann, rebuild: true });
      return typeof said === 'string' ? said : said.vault;
    }).toBe('open');
    await window.untilSettled();
    expect(await window.status()).not.toHaveProperty('damage');
  }

  const counted = (window: DeviceWindow): Promise<unknown> =>
    eventually(async () => (await ledgerOf(window))?.lost?.missing?.count).toBe(unsynced);
  const rowsOf = async (window: DeviceWindow): Promise<number> =>
    (await window.ask<unknown[]>('rows', 'images', { limit: 1000 })).length;

  it('or gone while the vault is there are named, and come back with the session that it keeps', async () => {
    await inProfile(await copied('gone'), async (window) => {
      await window.page.evaluate(`new Promise((resolve) => {
        indexedDB.deleteDatabase('fieldray-records').onsuccess = resolve;
      })`);
      await window.page.reload();
      await eventually(async () => (await window.status())?.damage).toBe('records-gone');
      const words = damageInWords((await window.status())!, await ledgerOf(window));
      expect(words?.loss).toContain('3 records (3 reviews), made ');
      expect(await window.ask('unlock', ann)).toBe('sync.unknown-device');
      await enter(window, 'unlock');
      await counted(window);
      expect(await rowsOf(window)).toBe(films.length + 1);
      const { lost } = (await ledgerOf(window))!;
      expect(lost?.missing).toMatchObject({ kinds: { 'review.added': unsynced } });
      // And it goes on, under a new key.
      expect(await window.ask('append', [review])).toHaveLength(1);
      await window.untilSettled();
      expect(await hub.findings()).toEqual([]);
    });
  }, 60_000);

  it('and the vault with them are missed by the ledger, and what was lost is named after a sign-in', async () => {
    const name = await copied('all-gone');
    rmSync(at(name, databases), { recursive: true });
    await inProfile(name, async (window) => {
      await window.untilVault('none');
      const words = damageInWords((await window.status())!, await ledgerOf(window));
      expect(words).toMatchObject({ what: 'vault-gone', loss: expect.stringContaining('3 records') });
      await enter(window, 'signIn');
      await counted(window);
      expect(await rowsOf(window)).toBe(films.length + 1);
    });
  }, 60_000);

  it('and everything else of the site are fetched again by who signs in, and it is told since when', async () => {
    const name = await copied('nothing');
    for (const place of [databases, siteStorage]) rmSync(at(name, place), { recursive: true });
    await inProfile(name, async (window) => {
      await window.untilVault('none');
      expect(await ledgerOf(window)).toBeUndefined();
      await enter(window, 'signIn');
      expect(await rowsOf(window)).toBe(films.length + 1);
      await eventually(async () => (await ledgerOf(window))?.earlierAt).toBeGreaterThan(begunAt);
    });
  }, 60_000);

  it.each([
    [1, '*.ldb', 1],
    [3, '*.log', 3],
  ])(
    'by bytes from seed %d in each %s are noticed or whole, and come back',
    async (seed, files, count) => {
      const random = seededRandom(seed);
      const name = await copied(`scribbled-${seed}`);
      const paths = globSync(`**/${files}`, { cwd: at(name, databases) });
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) {
        const bytes = readFileSync(at(name, databases, path));
        for (let flips = 0; flips < count; flips++) {
          bytes[Math.floor(random() * bytes.length)]! ^= 1 + Math.floor(255 * random());
        }
        writeFileSync(at(name, databases, path), bytes);
      }
      await inProfile(name, async (window) => {
        await eventually(() => window.status()).toBeDefined();
        const opened = await window.ask<RecordsStatus | string>('unlock', ann);
        const isOpen = typeof opened !== 'string';
        if (isOpen && opened.damage === undefined) {
          await eventually(async () => {
            const status = await window.status();
            if (status?.vault !== 'open' || status.damage !== undefined) return 'noticed';
            return (await rowsOf(window)) === films.length + 1 ? 'whole' : 'less';
          }).not.toBe('less');
        }
        await enter(window, 'signIn');
        expect(await rowsOf(window)).toBe(films.length + 1);
        await eventually(async () => {
          const ledger = await ledgerOf(window);
          return ledger?.unsynced.count === 0 && (ledger.lost?.missing?.count ?? 0) <= unsynced;
        }).toBe(true);
        expect(await hub.findings()).toEqual([]);
      });
    },
    60_000,
  );

  it('in one place are made anew, and what had not been synced is kept and sent', async () => {
    await inProfile(await copied('altered'), async (window) => {
      const { page } = window;
      hub.online(false);
      await window.ask('unlock', ann);
      await page.evaluate(`new Promise((resolve) => {
        indexedDB.open('fieldray-records').onsuccess = ({ target: { result } }) => {
          const change = result.transaction('rows', 'readwrite');
          const rows = change.objectStore('rows');
          rows.get(['images', '${film}']).onsuccess = ({ target }) => {
            new Uint8Array(target.result.sealed)[40] ^= 1;
            rows.put(target.result);
          };
          change.oncomplete = () => resolve(result.close());
        };
      })`);
      expect(await window.ask('row', 'images', film)).toBe('storage.sealed');
      await eventually(async () => (await window.status())?.damage).toBe('records-damaged');
      await window.ask('lock');
      await page.reload();
      await eventually(async () => (await window.status())?.damage).toBe('records-damaged');
      expect(await window.ask('unlock', { ...ann, rebuild: true })).toBe('network.unreachable');
      hub.online(true);
      const before = (await hub.kinds())['review.added']!;
      await enter(window, 'signIn');
      expect((await hub.kinds())['review.added']).toBe(before + unsynced);
      expect(await rowsOf(window)).toBe(films.length + 1);
      await eventually(async () => (await ledgerOf(window))?.unsynced.count).toBe(0);
      expect(await ledgerOf(window)).not.toHaveProperty('lost');
    });
    // So nothing is lost any more where they had been missed.
    await inProfile('gone', async (window) => {
      expect((await ledgerOf(window))?.lost?.missing?.count).toBe(unsynced);
      await window.ask('unlock', ann);
      await eventually(async () => 'lost' in ((await ledgerOf(window)) ?? {})).toBe(false);
    });
  }, 60_000);
});
