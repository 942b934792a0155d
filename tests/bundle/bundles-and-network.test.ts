import { expect, it } from 'vitest';
import { seededRandom } from '../../shared/kernel/seeded-random.ts';
import type { DeviceStore } from '../../shared/log/device-store.ts';
import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import { bundleWorld, type WorldDevice } from './bundle-world.ts';

const names = ['ward', 'tent', 'ship'];
const worlds = 12;

type Dice = ReturnType<typeof dice>;

function dice(seed: number) {
  const random = seededRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  return {
    below,
    chance: (share: number) => random() < share,
    pick: <One>(all: readonly One[]): One => all[below(all.length)]!,
    shuffled: <One>(all: readonly One[]): One[] =>
      all
        .map((one) => ({ one, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one),
  };
}

/** What people write on devices that meet nobody; the same for the same seed. */
async function write(device: WorldDevice, { below, chance, pick }: Dice, images: string[]): Promise<void> {
  for (let count = 1 + below(4); count > 0; count--) {
    if (images.length === 0 || chance(0.4)) {
      const entity = below(0xffff).toString(16).padStart(64, '0');
      const picture = Uint8Array.from({ length: 1 + below(40_000) }, (_, at) => at * (below(7) + 1));
      await device.addPicture(picture, entity);
      images.push(entity);
    } else if (chance(0.2)) {
      const body = { value: below(100) };
      await device.say({ kind: 'preference.set', entity: 'zoom', body });
    } else {
      const body = { findings: [], results: [], note: `read ${below(1000)}` };
      await device.say({ kind: 'review.added', entity: pick(images), body });
    }
  }
}

/** What the clinic's work came to, without what only the way there has written. */
async function workOf(store: DeviceStore): Promise<string> {
  const all: Record<string, Json> = {};
  for (const table of ['images', 'results', 'preferences', 'quarantine', 'erased'] as const) {
    for (const { key, row } of await store.rows(table, { limit: 10_000 }))
      all[`${table}/${key}`] = row as unknown as Json;
  }
  return canonicalJson(all);
}

async function byNetwork(seed: number): Promise<string> {
  const world = await bundleWorld(names);
  try {
    const { devices } = world;
    await devicesAtWork(devices, dice(seed), async () => undefined);
    for (const device of [...devices, ...devices]) await world.sync(device);
    return await workOf(devices[0]!.store);
  } finally {
    await world.close();
  }
}

async function devicesAtWork(
  devices: readonly WorldDevice[],
  throws: Dice,
  after: () => Promise<void>,
): Promise<void> {
  const images: string[] = [];
  for (let turn = 0; turn < 9; turn++) {
    await write(throws.pick(devices), throws, images);
    await after();
  }
}

/** Everything travels in files: between devices, and to the hub in any order, some of them twice. */
async function byFiles(seed: number) {
  const world = await bundleWorld(names);
  try {
    const { devices } = world;
    const luck = dice(seed + 1_000_000);
    const files: Uint8Array[] = [];
    await devicesAtWork(devices, dice(seed), async () => {
      if (luck.chance(0.6)) {
        const { bytes } = await luck.pick(devices).bundle(luck.chance(0.3) ? 'all' : 'outbox');
        files.push(bytes);
      }
      if (files.length > 0 && luck.chance(0.5)) await luck.pick(devices).take(luck.pick(files));
    });
    for (const device of devices) files.push((await device.bundle()).bytes);
    const brought = luck.shuffled([...files, ...files.filter(() => luck.chance(0.5))]);
    for (const file of brought) await world.take(file);

    const before = await world.size();
    const reports = [];
    for (const device of devices) reports.push(await world.sync(device));
    const work = await Promise.all(devices.map(({ store }) => workOf(store)));
    const counts = await Promise.all(devices.map(({ store }) => store.counts()));
    const pictures = new Map(devices.flatMap(({ files: held }) => [...held]));
    for (const [sha256, bytes] of pictures) expect(await world.picture(sha256)).toEqual(bytes);
    return {
      work,
      counts,
      reports,
      fresh: (await world.size()) - before,
      pictures: pictures.size,
      findings: await world.findings(),
    };
  } finally {
    await world.close();
  }
}

it.each(Array.from({ length: worlds }, (_, at) => 20260401 + at))(
  'files applied any number of times in any order come to the same as the network: seed %i',
  async (seed) => {
    const expected = await byNetwork(seed);
    const { work, counts, reports, fresh, pictures, findings } = await byFiles(seed);
    expect(work).toEqual(names.map(() => expected));
    expect(expected.length).toBeGreaterThan(200);
    // The hub had everything: nothing was new to it over the network.
    expect(fresh).toBe(0);
    for (const count of counts) expect(count).toMatchObject({ outbox: 0, aside: 0, waiting: 0 });
    expect(reports.every(({ isSettled }) => isSettled)).toBe(true);
    expect(pictures).toBeGreaterThan(0);
    expect(findings).toEqual([]);
  },
  60_000,
);
