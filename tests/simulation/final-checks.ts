import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import { expectedState } from './clinical-model.ts';
import type { Device } from './device.ts';
import { dumpHub, dumpStore, dumpText, firstDifference, placedEntries, stateOf } from './final-state.ts';
import type { HubHost } from './hub-host.ts';
import type { Office } from './office.ts';
import { verifyAll } from './verify-all.ts';
import type { World } from './world.ts';

interface FinalParts {
  readonly world: World;
  readonly hub: HubHost;
  readonly office: Office;
  readonly devices: readonly Device[];
}

const most = 1_000_000;

/** Everything that must be so when everybody has heard of everything. @returns the final state as one text */
export async function checkTheEnd(parts: FinalParts): Promise<string> {
  const { world, hub, office, devices } = parts;
  const { rules } = world;
  await hub.checkRecords();
  const held = new Set(rules.order);
  const placed = await placedEntries(hub);
  const bodies = new Map(placed.map(({ entry, body }) => [entry.bodyHash, body !== null]));
  const expected = expectedState(placed, office.rootKey);
  const erased = new Set(expected.erased);

  const somewhere = new Set<string>();
  for (const { name, disk } of devices) {
    const aside = new Set((await disk.tables.aside(most)).map(({ h }) => h));
    for (const h of disk.names) {
      const isThere = held.has(h) || aside.has(h);
      rules.check('what somebody holds the hub holds in the end', isThere, () => `${name} holds ${h}`);
    }
    const hashes = [...bodies.keys()].flatMap((hash) => hash ?? []);
    for (const { bodyHash } of await disk.tables.bodies(hashes)) {
      somewhere.add(bodyHash);
      const isThere = bodies.get(bodyHash) === true || erased.has(bodyHash);
      const h = (): string =>
        canonicalJson(placed.find(({ entry }) => entry.bodyHash === bodyHash)! as unknown as Json);
      const rule = 'the content that somebody holds the hub holds in the end';
      rules.check(rule, isThere, () => `${name} holds the content of ${h()}`);
      rules.check('what was erased is nowhere', !erased.has(bodyHash), () => `${name}: content of ${h()}`);
    }
  }
  for (const { h, entry, body } of placed) {
    const isGone = body === null || !erased.has(entry.bodyHash ?? '');
    rules.check('what was erased is nowhere', isGone, () => `the hub: content of ${h}`);
  }

  const rows = await dumpHub(hub);
  const byName = new Map(placed.map((one) => [one.h, one]));
  const shorter = (one: unknown): string => {
    const text = canonicalJson(one as Json);
    const names = text.match(/[0-9a-f]{64}/g) ?? [];
    const entries = names.flatMap((h) => byName.get(h) ?? []);
    return [text, ...entries.map(({ entry, place }) => `  ${place.index}: ${canonicalJson(entry)}`)].join(
      '\n',
    );
  };
  const difference = (what: string, got: object, wanted: object): string => {
    const parts = (all: object): string[] =>
      Object.entries(all).map(([key, value]) => `${Array.isArray(all) ? '' : key} ${shorter(value)}`);
    const [mine, models] = [parts(got), parts(wanted)];
    const only = (a: readonly string[], b: readonly string[]): string =>
      a
        .filter((one) => !b.includes(one))
        .slice(0, 3)
        .join('\n');
    return `${what}\nonly in the rows:  ${only(mine, models)}\nonly in the model: ${only(models, mine)}`;
  };
  const got = stateOf(rows);
  for (const part of Object.keys(expected) as (keyof typeof expected)[]) {
    const same = canonicalJson(got[part] as Json) === canonicalJson(expected[part] as Json);
    rules.check('the clinical state is what the definitions say', same, () =>
      difference(part, got[part], expected[part]),
    );
  }
  for (const { name, bareStore } of devices) {
    const other = firstDifference(rows, await dumpStore(bareStore));
    rules.check(
      'all devices and the hub say the same',
      other === undefined,
      () => `the hub and ${name}: ${other}`,
    );
  }
  await verifyAll(parts, (h) => {
    const one = byName.get(h);
    return one?.body === null && one.entry.bodyHash !== null && !somewhere.has(one.entry.bodyHash);
  });
  countConflicts(world, expected, placed.length);
  return `${rules.order.join(' ')}\n${dumpText(rows)}`;
}

function countConflicts(
  world: World,
  { images, waiting, revoked }: ReturnType<typeof stateOf>,
  entries: number,
): void {
  const all = Object.values(images);
  world.count('conflicts', 'discordant at the end', all.filter(({ standing }) => standing.length > 1).length);
  world.count('conflicts', 'quarantined at the end', waiting.length);
  world.count('conflicts', 'devices shut out', revoked.length);
  world.count('operations', 'entries at the end', entries);
}
