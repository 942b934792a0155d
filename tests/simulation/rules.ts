import { errorEntry, isErrorCode } from '../../shared/kernel/errors.ts';
import type { DeviceState } from '../../shared/log/device-store.ts';
import type { DeviceTables, EntryRecord, TableChanges } from '../../shared/log/device-tables.ts';
import type { Body, Entry } from '../../shared/log/entry.ts';
import { ViolationError } from './violation-error.ts';

/** Every rule that must hold at each step; a campaign counts how often each was looked at. */
export const ruleNames = [
  'what was acknowledged is at the hub',
  'the hub takes each entry once',
  'parents come before children',
  'one order in each epoch',
  'pages come without a gap',
  'cursors only grow',
  'the outbox shrinks on acknowledgement alone',
  'a chain of the own is never cut',
  'the own chain grows at its end',
  'the clock of a chain only grows',
  'what was refused stays',
  'the hub takes what honest people write',
  'what was said is what is written',
  'nobody signs reviews without leave',
  'what only administrators may read stays with them',
  'an entry is applied once',
  'what lies on a device stays readable',
  'forged entries are never taken',
  'the hub does not break down',
  'an honest hub is believed, and nothing else is thrown',
  'what somebody holds the hub holds in the end',
  'the content that somebody holds the hub holds in the end',
  'what was erased is nowhere',
  'the clinical state is what the definitions say',
  'all devices and the hub say the same',
  'the export verifies with every receipt',
] as const;

export type RuleName = (typeof ruleNames)[number];

interface HubEntry {
  readonly h: string;
  readonly prev: string | null;
  readonly index: number;
}

/** Watches hub and devices while they run. */
export class Rules {
  readonly checks: Record<RuleName, number> = Object.fromEntries(
    ruleNames.map((name) => [name, 0]),
  ) as Record<RuleName, number>;
  /** All that any device of honest people ever wrote, by name. */
  readonly written = new Map<string, Entry>();
  /** What they said in it, by the body's name. */
  readonly said = new Map<string, Body>();
  /** Entries whose contents the administrator wants erased. */
  readonly erasing = new Set<string>();
  /** All that the hub ever held, in whatever life of it. */
  readonly everAtHub = new Set<string>();
  /** What the hub holds now, in its order. */
  #atHub: string[] = [];
  #places = new Map<string, number>();
  /** What the hub really refused, and why. */
  readonly refused = new Map<string, string>();
  /** Acknowledged by receipts, and not taken back by a restored hub. */
  readonly acknowledged = new Set<string>();
  /** Orders that devices were shown, by life of the hub and epoch. */
  readonly #shown = new Map<string, string[]>();
  #lifeOfHub = 0;
  /** The first one; it stays here when whoever noticed it goes on in spite of it. */
  violation: ViolationError | undefined;

  check(rule: RuleName, holds: boolean, what: () => string): void {
    this.checks[rule] += 1;
    if (holds) return;
    this.violation ??= new ViolationError(rule, what());
    throw this.violation;
  }

  get order(): readonly string[] {
    return this.#atHub;
  }

  holds(h: string): boolean {
    return this.#places.has(h);
  }

  /** The hub has committed these. */
  hubStored(entries: readonly HubEntry[]): void {
    for (const { h, prev, index } of entries) {
      this.check('the hub takes each entry once', !this.#places.has(h), () => `${h} has two places`);
      this.check('one order in each epoch', index === this.#atHub.length, () => `${h} stands at ${index}`);
      const parent = prev === null || this.#places.has(prev);
      this.check('parents come before children', parent, () => `${h} came before its parent ${prev}`);
      this.#places.set(h, this.#atHub.length);
      this.#atHub.push(h);
      this.everAtHub.add(h);
    }
  }

  /** The hub is what it was when it held these, in this order. */
  hubRestored(order: readonly string[]): void {
    this.#lifeOfHub += 1;
    this.#atHub = [...order];
    this.#places = new Map(order.map((h, index) => [h, index]));
    for (const h of this.acknowledged) if (!this.#places.has(h)) this.acknowledged.delete(h);
  }

  /** Whatever the hub holds according to its own tables. */
  hubHolds(order: readonly string[]): void {
    const held = new Set(order);
    const same = order.length === this.#atHub.length && order.every((h, index) => h === this.#atHub[index]);
    this.check('one order in each epoch', same, () => 'the order has changed under the hub');
    for (const h of this.acknowledged) {
      this.check('what was acknowledged is at the hub', held.has(h), () => `${h} is lost`);
    }
  }

  hubRefused(rejected: readonly { readonly h: string; readonly code: string }[]): void {
    for (const { h, code } of rejected) {
      this.refused.set(h, code);
      const rule = 'the hub takes what honest people write';
      // An honest program sends nothing before it has the head over it.
      const isHarmless = isErrorCode(code) && errorEntry(code).retry && code !== 'log.unsigned';
      this.check(rule, isHarmless || !this.written.has(h), () => `${h} was refused: ${code}`);
    }
  }

  /** A page as the hub sent it. */
  pageSent(page: SentPage, cursor: number): void {
    const rule = 'what only administrators may read stays with them';
    const leaked = page.readKinds.find((kind) => kind.startsWith('audit.'));
    this.check(rule, leaked === undefined, () => `the content of ${leaked} was sent`);
    const name = `${this.#lifeOfHub}/${page.epoch}`;
    const order = this.#shown.get(name) ?? [];
    this.#shown.set(name, order);
    for (const [at, { h, prev, index }] of page.entries.entries()) {
      this.check(
        'pages come without a gap',
        index === cursor + at,
        () => `${index} follows ${cursor + at - 1}`,
      );
      const same = order[index] === undefined || order[index] === h;
      this.check('one order in each epoch', same, () => `${index} was ${order[index]} and is ${h}`);
      const parent = prev === null ? -1 : (this.#places.get(prev) ?? Infinity);
      this.check('parents come before children', parent < index, () => `${h} came before its parent ${prev}`);
      order[index] = h;
    }
  }

  /**
   * What a program may do to its tables. @returns what to call when it has done it
   * @param who for the message
   */
  async beforeCommit(who: string, tables: DeviceTables, changes: TableChanges): Promise<() => void> {
    const { state: before } = await tables.state();
    const records = changes.entries ?? [];
    const parents = records.flatMap(({ entry }) => entry.prev ?? []);
    const known = await tables.entries([...records.map(({ h }) => h), ...parents]);
    const held = new Map(known.map((record) => [record.h, record]));
    return () => {
      if (changes.state !== undefined) this.#checkState(who, before, changes.state);
      const receipts = changes.receipts ?? [];
      // One of an order that this device does not have proves what the hub once held, no more.
      const ofOrder = receipts.filter(({ checkpoint }) => checkpoint.epoch === before.epoch);
      const named = new Set(ofOrder.flatMap(({ placements }) => placements.map(({ h }) => h)));
      for (const h of named) this.#checkAcknowledged(who, h);
      for (const body of changes.bodies ?? []) this.said.set(body.bodyHash, body);
      const order = new Map<string, number>();
      let end = before.last?.h ?? null;
      for (const record of records) {
        const known = held.get(record.h);
        this.#checkRecord(who, record, known, named);
        if (known === undefined && record.place === null) {
          this.#checkOwn(
            who,
            record,
            end,
            held.get(record.entry.prev ?? '') ?? records.find(({ h }) => h === end),
          );
          end = record.h;
        }
        const isPlaced = changes.forgetPlaces !== true && (held.get(record.h)?.place ?? null) !== null;
        if (record.place !== null && !isPlaced) {
          this.#checkPlace(who, record, before, { held, order });
          order.set(record.h, record.place.index);
        }
      }
    };
  }

  #checkState(who: string, before: DeviceState, after: DeviceState): void {
    if (before.epoch === after.epoch) {
      const grown = after.cursor >= before.cursor;
      this.check('cursors only grow', grown, () => `${who}: from ${before.cursor} to ${after.cursor}`);
    }
    if (before.identity.device === after.identity.device) {
      const longer = (after.last?.n ?? 0) >= (before.last?.n ?? 0);
      this.check(
        'a chain of the own is never cut',
        longer,
        () => `${who}: ${before.last?.n} to ${after.last?.n}`,
      );
    }
  }

  #checkAcknowledged(who: string, h: string): void {
    const rule = 'what was acknowledged is at the hub';
    this.check(rule, this.everAtHub.has(h), () => `${who}: ${h} never came there`);
    if (this.#places.has(h)) this.acknowledged.add(h);
  }

  #checkRecord(
    who: string,
    record: EntryRecord,
    before: EntryRecord | undefined,
    named: ReadonlySet<string>,
  ): void {
    const { h, entry, place, queued, code } = record;
    if (before === undefined && place === null) this.written.set(h, entry);
    if (code !== null) {
      this.check('what was refused stays', this.#isRefused(h), () => `${who}: ${h} was not refused`);
      return;
    }
    const isOut = before === undefined ? place === null && !queued : before.queued && !queued;
    const rule = 'the outbox shrinks on acknowledgement alone';
    this.check(rule, !isOut || named.has(h), () => `${who}: ${h} is in it no more, and no receipt names it`);
  }

  /** By the hub itself, or because it stands on one that was. */
  #isRefused(h: string): boolean {
    for (let at: string | null = h; at !== null; at = this.written.get(at)?.prev ?? null) {
      if (this.refused.has(at)) return true;
    }
    return false;
  }

  #checkOwn(
    who: string,
    { h, entry }: EntryRecord,
    end: string | null,
    parent: EntryRecord | undefined,
  ): void {
    const rule = 'the own chain grows at its end';
    this.check(rule, entry.prev === end, () => `${who}: ${h} follows ${entry.prev}, not ${end}`);
    const [ms, count] = entry.ts;
    const [lastMs, lastCount] = parent?.entry.ts ?? [-1, 0];
    const isLater = ms > lastMs || (ms === lastMs && count > lastCount);
    this.check('the clock of a chain only grows', isLater, () => `${who}: ${h} at ${ms}, after ${lastMs}`);
  }

  #checkPlace(
    who: string,
    { h, entry: { prev }, place }: EntryRecord,
    before: DeviceState,
    among: { readonly held: ReadonlyMap<string, EntryRecord>; readonly order: ReadonlyMap<string, number> },
  ): void {
    const index = place!.index;
    const isNext = index === before.cursor + among.order.size;
    this.check('an entry is applied once', isNext, () => `${who}: ${h} at ${index} behind ${before.cursor}`);
    const parent =
      prev === null ? -1 : (among.order.get(prev) ?? among.held.get(prev)?.place?.index ?? Infinity);
    this.check(
      'parents come before children',
      parent < index,
      () => `${who}: ${h} before its parent ${prev}`,
    );
  }
}

export interface SentPage {
  readonly epoch: string;
  /** Kinds of the entries whose content was sent along. */
  readonly readKinds: readonly string[];
  readonly entries: readonly HubEntry[];
}
