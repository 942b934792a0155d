import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import { seededRandom } from '../../shared/kernel/seeded-random.ts';
import { entryHash } from '../../shared/log/entry.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import { buildInto } from '../../web/build/build-into.ts';
import { type ClinicDevice, openClinicDevice } from '../browser/clinic-device.ts';
import { servePageBeforeHub } from '../browser/page-before-hub.ts';
import { type HubProcess, startHubProcess } from '../hub/hub-process.ts';

/**
 * Eight profiles of Chromium and a hub, for MINUTES=20: browsers and hub are killed, networks come and go, disks are full.
 * SEED chooses what is done; when it happens is up to the machine.
 */

const minutes = Number(process.env['MINUTES'] ?? 20);
const seed = Number(process.env['SEED'] ?? 20_261_124);
const profiles = 8;
const root = fileURLToPath(new URL('../fixtures/device-page', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'fieldray-browsers-'));
const password = 'seven lungs under glass';

it(
  `${profiles} browsers in ${minutes} minutes lose nothing that they acknowledged, and agree (seed ${seed})`,
  async () => {
    const random = seededRandom(seed);
    const page = join(folder, 'page');
    await buildInto(page, { root });
    const front = await servePageBeforeHub(page);
    const environment = { DATA_DIR: join(folder, 'hub', 'data') };
    let hub: HubProcess = await startHubProcess(environment);
    front.use(hub.address);
    const admin = await hub.signIn();
    const devices: ClinicDevice[] = [];
    const end = Date.now() + minutes * 60_000;
    let hubKills = 0;

    const asAdmin = async (path: string, init: RequestInit = {}): Promise<Response> => {
      const headers = { ...admin, 'Content-Type': 'application/json' };
      const answer = await fetch(`${hub.address!}api/v1${path}`, { ...init, headers });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer;
    };
    for (let number = 0; number < profiles; number++) {
      const email = `doctor${number}@example.org`;
      const body = JSON.stringify({ email, password, role: 'doctor' });
      await asAdmin('/users', { method: 'POST', body });
      const profile = join(folder, `profile-${number}`);
      devices.push(
        await openClinicDevice({
          profile,
          address: front.address,
          who: { email, password },
          random: seededRandom(seed + number + 1),
        }),
      );
    }
    // What was asked while accounts were made is over by now; a token of ten minutes is not needed before the end.
    async function killHubs(): Promise<void> {
      while (Date.now() < end) {
        await sleep(15_000 + random() * 30_000);
        front.use(undefined);
        hub.signal('SIGKILL');
        await hub.exitCode;
        await sleep(random() * 5000);
        hub = await startHubProcess(environment);
        front.use(hub.address);
        hubKills += 1;
      }
    }
    await Promise.all([killHubs(), ...devices.map((device) => device.workUntil(end))]);

    for (const device of devices) await device.recover();
    const deadline = Date.now() + 5 * 60_000;
    let rows: string[] = [];
    do {
      for (const device of devices) await device.sync();
      rows = await Promise.all(devices.map(async (device) => canonicalJson((await device.images()) as Json)));
    } while (new Set(rows).size > 1 && Date.now() < deadline);

    const { accessToken } = (await (
      await fetch(`${hub.address!}api/v1/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: 'ada@example.org', password }),
      })
    ).json()) as { accessToken: string };
    const exported = await fetch(`${hub.address!}api/v1/audit/export`, {
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    const bytes = new Uint8Array(await exported.arrayBuffer());
    const sent = new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => (JSON.parse(line) as { entry?: Parameters<typeof entryHash>[0] }).entry ?? [])
      .map((entry) => entryHash(entry, nodeCrypto));
    const crypto = { ...nodeCrypto, startSha256: runningSha256 };
    async function* open(): AsyncIterable<Uint8Array> {
      yield bytes;
    }
    const { findings } = await verifyExport({ open }, crypto);

    const total = devices.reduce((sum, { tally }) => sum + tally.acknowledged.length, 0);
    const count = (name: 'kills' | 'full' | 'locks' | 'cuts'): number =>
      devices.reduce((sum, { tally }) => sum + tally[name], 0);
    process.stdout.write(
      `${profiles} browsers, ${minutes} minutes, seed ${seed}: ${total} entries acknowledged; ${count('kills')} browsers and ${hubKills} hubs killed, ` +
        `${count('cuts')} times without a network, ${count('full')} writes refused by a full disk, ${count('locks')} times locked\n`,
    );
    const acknowledged = devices.flatMap(({ tally }) => tally.acknowledged);
    const held = new Set(sent);
    expect(acknowledged.filter((h) => !held.has(h))).toEqual([]);
    expect(held.size).toBe(sent.length);
    expect(new Set(rows).size, 'all devices show the same').toBe(1);
    expect(findings).toEqual([]);
    expect(devices.flatMap(({ tally }) => tally.surprises)).toEqual([]);
    expect(total).toBeGreaterThan(profiles);
    for (const device of devices) await device.close();
    front.use(undefined);
    hub.signal('SIGTERM');
    await hub.exitCode;
    await front.close();
    rmSync(folder, { recursive: true });
  },
  (minutes + 15) * 60_000,
);
