import { firstOf, reviewState, tombstoneBase } from '../../shared/log/fold/image-state.ts';
import { resultKey } from '../../shared/log/fold/result-key.ts';
import type { Row } from '../../shared/log/fold/tables.ts';
import type { Dice } from '../property/dice.ts';
import type { Device, Tab } from './device.ts';
import type { HubHost } from './hub-host.ts';
import { simulatedCrypto } from './simulated-crypto.ts';
import { randomBytes } from './outside.ts';
import type { World } from './world.ts';

/** What people do with films, on whatever device, with or without a network. */

export interface Ward {
  readonly world: World;
  readonly hub: HubHost;
  readonly dice: Dice;
  /** Every image that was ever added; the same one turns up on several devices. */
  readonly images: string[];
}

type Work = (ward: Ward, device: Device, tab: Tab) => Promise<void>;

const models = ['1', '2'].map((digit) => digit.repeat(64));

interface Seen {
  readonly key: string;
  readonly row: Row<'images'>;
}

async function someImage(
  { dice }: Ward,
  tab: Tab,
  isWanted: (seen: Seen) => boolean = () => true,
): Promise<Seen | undefined> {
  const seen = (await tab.store.rows('images', { limit: 300 })).filter(isWanted);
  return seen.length === 0 ? undefined : dice.pick(seen);
}

const addImage: Work = async ({ dice, images }, { person }, tab) => {
  const isKnown = images.length > 0 && dice.chance(0.2);
  const image = isKnown ? dice.pick(images) : Buffer.from(randomBytes(32)).toString('hex');
  if (!isKnown) images.push(image);
  const body = {
    sha256: image,
    bytes: dice.int(1, 10_000_000),
    type: 'image/png',
    fileName: `film ${dice.int(1, 999)}.png`,
    patient: { name: `Patient ${dice.int(1, 50)}` },
  };
  await tab.say({ kind: 'image.added', entity: image, actor: person.id, body });
};

const addResult: Work = async (ward, { person }, tab) => {
  const image = (await someImage(ward, tab))?.key;
  if (image === undefined) return;
  const model = ward.dice.pick(models);
  const entity = resultKey(image, [model], {}, simulatedCrypto);
  const body = { image, modelSha256s: [model], analysis: { score: ward.dice.int(0, 100) } };
  await tab.say({ kind: 'result.added', entity, actor: person.id, body });
};

function reading({ dice }: Ward) {
  const findings = [{ code: 'consolidation', present: dice.pick(['yes', 'no', 'uncertain']) }];
  return { findings, results: [], ...(dice.chance(0.3) && { note: `note ${dice.int(1, 99)}` }) };
}

const review: Work = async (ward, { person }, tab) => {
  const seen = await someImage(ward, tab);
  if (seen === undefined) return;
  const basedOn = reviewState(seen.row.clear).standing;
  await tab.say({ kind: 'review.added', entity: seen.key, actor: person.id, basedOn, body: reading(ward) });
};

const adjudicate: Work = async (ward, { person }, tab) => {
  const isOpen = ({ row }: Seen): boolean => reviewState(row.clear).state === 'discordant';
  const seen = await someImage(ward, tab, isOpen);
  if (seen === undefined) return;
  ward.world.count('conflicts', 'adjudicated');
  const basedOn = reviewState(seen.row.clear).standing;
  await tab.say({
    kind: 'review.adjudicated',
    entity: seen.key,
    actor: person.id,
    basedOn,
    body: reading(ward),
  });
};

const takeAway: Work = async (ward, { person }, tab) => {
  const said = { kind: 'entity.tombstoned', actor: person.id, body: { reason: 'wrong patient' } };
  const results = await tab.store.rows('results', { limit: 100 });
  if (results.length > 0 && ward.dice.chance(0.4)) {
    const { key, row } = ward.dice.pick(results);
    await tab.say({ ...said, entity: key, basedOn: firstOf(row.clear.added, 64) });
    return;
  }
  const seen = await someImage(ward, tab);
  if (seen === undefined) return;
  await tab.say({ ...said, entity: seen.key, basedOn: tombstoneBase(seen.row.clear) });
};

const prefer: Work = async ({ dice }, { person }, tab) => {
  await tab.say({
    kind: 'preference.set',
    entity: 'list',
    actor: person.id,
    body: { value: dice.int(1, 9) },
  });
};

/** An entry of what a later version may write: carried along by everybody, folded by nobody. */
const writeUnknown: Work = async ({ dice }, { person }, tab) => {
  const body = { value: dice.int(1, 9) };
  await tab.say({ kind: 'measurement.added', entity: 'x', actor: person.id, body });
};

/** Looks at what this device holds of its own, and says so. */
const open: Work = async (ward, device, tab) => {
  const { rules } = ward.world;
  const own = [...device.disk.names].filter((h) => rules.written.has(h));
  if (own.length > 0) {
    const h = ward.dice.pick(own);
    const [record] = await device.disk.tables.entries([h]);
    const hash = record?.entry.bodyHash ?? '';
    const isErased = (await device.disk.tables.rows([{ table: 'erased', key: hash }])).size === 1;
    const isHere = (await device.disk.tables.bodies([hash])).length === 1;
    // Of what was opened only administrators read more than the header, even of their own other devices.
    const isForMe = record !== undefined && !record.entry.kind.startsWith('audit.');
    const rule = 'what lies on a device stays readable';
    rules.check(rule, !isForMe || isErased || isHere, () => `${tab.life.name}: the content of ${h} is gone`);
  }
  const seen = await someImage(ward, tab);
  if (seen === undefined) return;
  await tab.say({
    kind: 'audit.opened',
    entity: seen.key,
    actor: device.person.id,
    body: { detail: 'reading' },
  });
};

/** Several things at once are one transaction: a film and what was found in it. */
const readFilm: Work = async ({ dice, images }, { person }, tab) => {
  const image = Buffer.from(randomBytes(32)).toString('hex');
  images.push(image);
  const [model = ''] = models;
  const result = { image, modelSha256s: [model], analysis: { score: dice.int(0, 100) } };
  await tab.say(
    {
      kind: 'image.added',
      entity: image,
      actor: person.id,
      body: { sha256: image, bytes: 1, type: 'image/png' },
    },
    { kind: 'audit.opened', entity: image, actor: person.id, body: { detail: 'reading' } },
    {
      kind: 'result.added',
      entity: resultKey(image, [model], {}, simulatedCrypto),
      actor: person.id,
      body: result,
    },
  );
};

const works: Readonly<Record<string, { readonly work: Work; readonly weight: number }>> = {
  'image added': { work: addImage, weight: 8 },
  'film read': { work: readFilm, weight: 8 },
  'result added': { work: addResult, weight: 10 },
  review: { work: review, weight: 20 },
  adjudication: { work: adjudicate, weight: 8 },
  tombstone: { work: takeAway, weight: 4 },
  preference: { work: prefer, weight: 4 },
  opened: { work: open, weight: 10 },
  'of a later version': { work: writeUnknown, weight: 2 },
};

const lots = Object.entries(works).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name),
);

/** One thing that a person does; with two windows open sometimes another one in the same moment. */
export async function doSomething(ward: Ward, device: Device): Promise<void> {
  const isDoubled = device.windows > 1 && ward.dice.chance(0.5);
  await Promise.all(isDoubled ? [doOne(ward, device), doOne(ward, device)] : [doOne(ward, device)]);
}

async function doOne(ward: Ward, device: Device): Promise<void> {
  const name = ward.dice.pick(lots);
  ward.world.count('operations', name);
  await device.work(name, (tab) => works[name]!.work(ward, device, tab));
}
