import { createPublicKey, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Placement } from '../../shared/log/checkpoint.ts';
import type { Body, Entry } from '../../shared/log/entry.ts';

/**
 * What the records of a clinic should say, by other means than the program's fold: the whole order at once, from the
 * definitions, slowly.
 */

export interface PlacedEntry {
  readonly h: string;
  readonly entry: Entry;
  readonly place: Placement;
  readonly body: Body | null;
}

interface ReviewView {
  readonly author: string;
  readonly adjudicates: boolean;
  readonly basedOn: readonly string[];
}

export interface ExpectedImage {
  readonly shown: boolean;
  /** Sorted. */
  readonly standing: readonly string[];
}

export interface ExpectedState {
  readonly images: Readonly<Record<string, ExpectedImage>>;
  readonly results: Readonly<Record<string, { readonly shown: boolean }>>;
  /** Hash of the winning entry. */
  readonly preferences: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, string | null>>;
  readonly revoked: readonly string[];
  /** By device: where its chain has two ends, and their names; sorted. */
  readonly forks: Readonly<Record<string, readonly { readonly n: number; readonly hs: readonly string[] }[]>>;
  /** Entries that wait for an administrator; sorted. */
  readonly waiting: readonly string[];
  /** Names of bodies; sorted. */
  readonly erased: readonly string[];
}

const readersOnly = new Set(['review.added', 'review.adjudicated', 'entity.tombstoned']);
const everybodys = new Set(['image.added', 'result.added', 'preference.set']);
const spki = Buffer.from('302a300506032b6570032100', 'hex');

interface KnownDevice {
  readonly ofHub: boolean;
  readonly people: Set<string>;
  revoked: boolean;
}

function isVouched(entry: Entry, voucher: unknown, rootKey: string): boolean {
  if (typeof voucher !== 'string') return false;
  const key = Buffer.concat([spki, Buffer.from(rootKey, 'base64url')]);
  const message = `hub-device:1\n${canonicalize({ clinic: entry.clinic, device: entry.entity })}`;
  const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(message), publicKey, Buffer.from(voucher, 'base64url'));
}

/** Follows the order once and says of each entry whether it counts where it stands. */
function replayRights(order: readonly PlacedEntry[], rootKey: string) {
  const roles: Record<string, string | null> = {};
  const devices = new Map<string, KnownDevice>();
  const counted = new Set<string>();
  const waiting = new Set<string>();
  const erased = new Set<string>();
  const byName = new Map(order.map((one) => [one.h, one]));
  const passed = new Set<string>();

  function countsByHub(entry: Entry, said: Record<string, unknown>): boolean {
    const device = devices.get(entry.device);
    if (entry.kind === 'device.enrolled' && said['role'] === 'hub') {
      return entry.entity === entry.device && isVouched(entry, said['voucher'], rootKey);
    }
    return device?.ofHub === true && !device.revoked;
  }

  function countsByDevice({ kind, device: id, actor }: Entry): boolean {
    const device = devices.get(id);
    if (device === undefined || device.revoked) return false;
    if (device.ofHub && actor === 'hub') return true;
    const role = roles[actor] ?? null;
    const mayWrite = device.ofHub || device.people.has(actor) || device.people.has('hub');
    if (!mayWrite || role === null) return false;
    return readersOnly.has(kind) ? role !== 'user' : true;
  }

  function applyHub(entry: Entry, said: Record<string, unknown>): void {
    const { kind, entity, actor, basedOn } = entry;
    const device = devices.get(entity);
    if (kind === 'user.approved' || kind === 'user.role-set') roles[entity] = String(said['role']);
    if (kind === 'user.disabled') roles[entity] = null;
    if (kind === 'device.revoked' && device !== undefined) device.revoked = true;
    if (kind === 'device.enrolled') {
      const people = (device?.people ?? new Set<string>()).add(actor);
      const ofHub = device?.ofHub === true || said['role'] === 'hub';
      devices.set(entity, { ofHub, people, revoked: device?.revoked ?? false });
    }
    if (kind === 'body.erased') erased.add(entity);
    // What only the hub may write is not made true, or untrue, by an administrator's word.
    const target = passed.has(entity) ? byName.get(entity)!.entry.kind : '';
    const isRecord = readersOnly.has(target) || everybodys.has(target);
    if (kind === 'entry.released' && isRecord && waiting.delete(entity)) counted.add(entity);
    if (kind === 'entry.quarantined' && isRecord) {
      waiting.add(entity);
      counted.delete(entity);
    }
    // The readers of an erasure must agree on which entries it is about.
    if (kind === 'body.erased' && basedOn.length === 0) throw new TypeError('an erasure names its entries');
  }

  for (const { h, entry, body } of order) {
    const isRecord = readersOnly.has(entry.kind) || everybodys.has(entry.kind);
    const isOfHub = /^(user|device|model|operating-point|entry|body)\./.test(entry.kind);
    if (isRecord) {
      if (countsByDevice(entry)) counted.add(h);
      else waiting.add(h);
    } else if (isOfHub) {
      const said = body === null ? undefined : (JSON.parse(body.text) as Record<string, unknown>);
      if (said !== undefined && countsByHub(entry, said)) applyHub(entry, said);
      else waiting.add(h);
    }
    passed.add(h);
  }
  return { roles, devices, counted, waiting, erased };
}

/** Children of one parent, of the devices that are known in the end. */
function forksIn(order: readonly PlacedEntry[], devices: ReadonlySet<string>): ExpectedState['forks'] {
  const forks: Record<string, { n: number; hs: string[] }[]> = {};
  const siblings = Map.groupBy(order, ({ entry }) => `${entry.device} ${entry.n} ${entry.prev}`);
  for (const all of siblings.values()) {
    const { device, n } = all[0]!.entry;
    if (all.length === 1 || !devices.has(device)) continue;
    forks[device] = [...(forks[device] ?? []), { n, hs: all.map(({ h }) => h).sort() }];
  }
  return forks;
}

type Reviews = ReadonlyMap<string, ReviewView>;

/** All that a review based on these has seen. */
function seen(reviews: Reviews, basedOn: readonly string[]): Set<string> {
  const all = new Set<string>();
  const look = (h: string): void => {
    if (all.has(h) || !reviews.has(h)) return;
    all.add(h);
    for (const earlier of reviews.get(h)!.basedOn) look(earlier);
  };
  for (const h of basedOn) look(h);
  return all;
}

/** Which of a set (with all that each has seen) nobody in the set has settled. */
function standing(reviews: Reviews, set: ReadonlySet<string>, known: Map<string, Set<string>>): string[] {
  const settledBy = (h: string): Set<string> => {
    const before = known.get(h);
    if (before !== undefined) return before;
    const { author, adjudicates, basedOn } = reviews.get(h)!;
    const open = standing(reviews, seen(reviews, basedOn), known);
    const mine = open.filter(
      (other) => adjudicates || open.length === 1 || reviews.get(other)!.author === author,
    );
    known.set(h, new Set(mine));
    return new Set(mine);
  };
  return [...set].filter((h) => ![...set].some((other) => settledBy(other).has(h))).sort();
}

function shown(own: readonly string[], tombstones: readonly Entry[], reviews: Reviews): boolean {
  const covered = new Set(tombstones.flatMap(({ basedOn }) => [...basedOn, ...seen(reviews, basedOn)]));
  return own.some((h) => !covered.has(h));
}

/**
 * @param order everything that the hub holds of one clinic, in its order
 * @param rootKey base64url
 */
export function expectedState(order: readonly PlacedEntry[], rootKey: string): ExpectedState {
  const { roles, devices, counted, waiting, erased } = replayRights(order, rootKey);
  const about = new Map<string, PlacedEntry[]>();
  for (const one of order) {
    if (!counted.has(one.h)) continue;
    const key =
      one.entry.kind === 'preference.set' ? `${one.entry.actor}/${one.entry.entity}` : one.entry.entity;
    about.set(key, [...(about.get(key) ?? []), one]);
  }
  const images: Record<string, ExpectedImage> = {};
  const results: Record<string, { shown: boolean }> = {};
  const preferences: Record<string, string> = {};
  for (const [key, all] of about) {
    const of = (...kinds: readonly string[]): PlacedEntry[] =>
      all.filter(({ entry }) => kinds.includes(entry.kind));
    const names = (list: readonly PlacedEntry[]): string[] => list.map(({ h }) => h);
    const set = of('preference.set');
    if (set.length > 0) {
      const latest = set.reduce((a, b) =>
        b.place.effTs > a.place.effTs || (b.place.effTs === a.place.effTs && b.h > a.h) ? b : a,
      );
      preferences[key] = latest.h;
      continue;
    }
    const tombstones = of('entity.tombstoned').map(({ entry }) => entry);
    if (key.startsWith('result:')) {
      results[key] = { shown: shown(names(of('result.added')), tombstones, new Map()) };
      continue;
    }
    const reviews = new Map(
      of('review.added', 'review.adjudicated').map(({ h, entry }): [string, ReviewView] => [
        h,
        { author: entry.actor, adjudicates: entry.kind === 'review.adjudicated', basedOn: entry.basedOn },
      ]),
    );
    images[key] = {
      shown: shown([...names(of('image.added')), ...reviews.keys()], tombstones, reviews),
      standing: standing(reviews, new Set(reviews.keys()), new Map()),
    };
  }
  return {
    images,
    results,
    preferences,
    roles,
    revoked: [...devices].flatMap(([id, { revoked }]) => (revoked ? [id] : [])).sort(),
    forks: forksIn(order, new Set(devices.keys())),
    waiting: [...waiting].sort(),
    erased: [...erased].sort(),
  };
}
