import { AppError } from '../../shared/kernel/errors.ts';
import { append, type DeviceLogParts } from '../../shared/log/device-log.ts';
import type { DeviceStore } from '../../shared/log/device-store.ts';
import type { NewEntry, Said } from '../../shared/log/chain.ts';
import type { OfflineGrant } from '../../shared/log/grant.ts';
import { openDeviceStore } from '../../shared/log/open-device-store.ts';
import { runSync, type SyncParts, type SyncState } from '../../shared/log/sync-engine.ts';
import type { Dice } from '../property/dice.ts';
import { Disk, type MakeTables } from './disk.ts';
import { faultyTables } from './faulty-tables.ts';
import { simulatedCrypto } from './simulated-crypto.ts';
import type { Network } from './network.ts';
import type { Person } from './office.ts';
import { randomBytes } from './outside.ts';
import { Life } from './scheduler.ts';
import { type DeviceKey, newDeviceKey, Session } from './session.ts';
import { transportOf } from './transport.ts';
import type { World } from './world.ts';

/** One program on a device. */
export interface Tab {
  readonly life: Life;
  readonly store: DeviceStore;
  readonly say: (...said: readonly Said[]) => Promise<unknown>;
  /** There is something to do. */
  readonly poke: () => void;
  readonly settled: () => boolean;
}

/** Everything that a copy of a profile takes along. */
export interface Profile {
  readonly disk: Disk;
  readonly age: number;
  readonly key: DeviceKey;
  readonly session: Session;
}

export interface DeviceParts {
  readonly world: World;
  readonly network: Network;
  readonly makeTables: MakeTables;
  readonly clinic: string;
}

const dayMs = 86_400_000;

/** What stops a program without being wrong. */
const expectedCodes: ReadonlySet<string> = new Set([
  'storage.full',
  'sync.grant-expired',
  'log.forked',
  'log.chain-broken',
]);

/** A laptop with its person: the production engine over a disk, tokens and a key, which die, fill up, and are copied. */
export class Device {
  readonly name: string;
  readonly person: Person;
  readonly #parts: DeviceParts;
  readonly #dice: Dice;
  #disk: Disk | undefined;
  #key: DeviceKey;
  #session = new Session();
  #tabs: Tab[] = [];
  #wantedTabs = 1;
  #tabCount = 0;
  /** Nobody works here until the hub has let the person in again. */
  #isClosed = false;
  #frost: Promise<void> | undefined;
  offline = false;
  /** The true time until which its program is too old for the hub. */
  tooOldUntil = 0;
  /** How far its clock is ahead. */
  skewMs = 0;

  constructor(parts: DeviceParts, name: string, person: Person) {
    this.#parts = parts;
    this.#dice = parts.world.dice();
    this.name = name;
    this.person = person;
    this.#key = newDeviceKey();
  }

  get disk(): Disk {
    if (this.#disk === undefined) throw new TypeError(`${this.name} was never enrolled`);
    return this.#disk;
  }

  get id(): string {
    return this.#key.device;
  }

  /** The store as it lies on the disk, past all faults. */
  get bareStore(): DeviceStore {
    return openDeviceStore(this.disk.tables);
  }

  /** Enrols and starts, however long it takes. */
  async begin(): Promise<void> {
    const { clinic, makeTables } = this.#parts;
    const rootKey = await this.#signIn();
    this.#disk = await Disk.empty(makeTables, { clinic, device: this.id, rootKey });
    this.#openTabs();
  }

  async work(what: string, task: (tab: Tab) => Promise<void>): Promise<void> {
    const { world } = this.#parts;
    const tab = this.#tabs.length === 0 ? undefined : this.#dice.pick(this.#tabs);
    if (tab === undefined) return;
    world.scheduler.note(tab.life.name, what);
    const died = new Promise<'died'>((resolve) => tab.life.onDeath(() => resolve('died')));
    try {
      await Promise.race([task(tab), died]);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !expectedCodes.has(thrown.code)) throw thrown;
      world.count('conflicts', thrown.code);
      world.scheduler.note(tab.life.name, `cannot: ${thrown.code}`);
      if (thrown.code.startsWith('log.')) await this.enrolAnew();
    }
  }

  poke(): void {
    for (const tab of this.#tabs) tab.poke();
  }

  get isSettled(): boolean {
    return this.#tabs.length > 0 && this.#tabs.every((tab) => tab.settled());
  }

  /** From now on it lives, in reach and at the right time. */
  spare(): void {
    this.offline = false;
    this.skewMs = 0;
    this.tooOldUntil = 0;
    for (const { life } of this.#tabs) life.diesIn = Infinity;
  }

  get windows(): number {
    return this.#tabs.length;
  }

  /** One more window on the same profile, or one fewer. */
  openWindows(count: number): void {
    this.#wantedTabs = count;
    if (this.#tabs.length > count) this.#tabs.at(-1)!.life.kill();
    this.#openTabs();
  }

  /** The window that pushes next hears nothing of it. @returns what to call when it may */
  freezeNextPush(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#frost = promise;
    return () => {
      this.#frost = undefined;
      resolve();
    };
  }

  /** A copy of the profile as it is now. */
  snapshot(): Profile {
    return { disk: this.disk, age: this.disk.age, key: this.#key, session: this.#session.copy() };
  }

  /** Goes on from a copy: of its own, or of another device whose twin it becomes. */
  async restore({ disk, age, key, session }: Profile): Promise<void> {
    if (this.#isClosed) return;
    this.#stop();
    this.#disk = await disk.asItWas(age);
    this.#key = key;
    this.#session = session.copy();
    this.#openTabs();
  }

  /** A new key, a new chain; the old one stays and is sent. */
  async enrolAnew(): Promise<void> {
    const { world, clinic } = this.#parts;
    if (this.#isClosed) return;
    this.#stop();
    this.#isClosed = true;
    world.count('conflicts', 'enrolled anew');
    this.#key = newDeviceKey();
    this.#session = new Session();
    const rootKey = await this.#signIn();
    await this.bareStore.beginChain({ clinic, device: this.id, rootKey });
    this.#isClosed = false;
    this.#openTabs();
  }

  #stop(): void {
    this.#wantedTabs = Math.max(1, this.#wantedTabs);
    for (const tab of this.#tabs.splice(0)) tab.life.kill();
  }

  #openTabs(): void {
    while (!this.#isClosed && this.#tabs.length < this.#wantedTabs) this.#tabs.push(this.#openTab());
  }

  #openTab(): Tab {
    const { world, network } = this.#parts;
    const { scheduler, faults, rules } = world;
    const dice = this.#dice;
    const life = new Life(`${this.name}.${(this.#tabCount += 1)}`);
    if (!faults.stopped && dice.chance(0.6)) life.diesIn = dice.int(5, 600);
    life.onDeath(() => {
      if (!this.#tabs.includes(tab)) return;
      this.#tabs = this.#tabs.filter((other) => other !== tab);
      if (life.diesIn <= 0) faults.count('device crash');
      scheduler.start(async () => {
        await world.pause(dice.int(1000, 3_600_000), `${this.name} starts again`);
        this.#openTabs();
      });
    });
    const store = openDeviceStore(faultyTables(this.disk, { scheduler, dice, faults, rules, life }));
    const station = {
      name: this.name,
      life,
      isOffline: () => this.offline,
      isTooOld: () => this.tooOldUntil > world.now,
      thawed: () => {
        const frost = this.#frost;
        this.#frost = undefined;
        return frost ?? Promise.resolve();
      },
    };
    const ask = network.askFor(station);
    const session = this.#session;
    const log: DeviceLogParts = {
      store,
      signer: this.#key.signer,
      crypto: simulatedCrypto,
      randomBytes,
      now: () => world.now + this.skewMs,
      grant: async () => session.grant,
    };
    let state: SyncState['state'] | 'running' = 'running';
    let parked: (() => void) | undefined;
    let isPoked = false;
    const park = (): Promise<void> =>
      new Promise((resolve) => {
        if (isPoked) resolve();
        else parked = resolve;
      });
    const parts: SyncParts = {
      store,
      transport: transportOf(ask, session),
      crypto: simulatedCrypto,
      random: () => dice.next(),
      wait: async (ms) => {
        if (state === 'settled' || this.offline) {
          await park();
          isPoked = false;
          parked = undefined;
        }
        state = 'running';
        await scheduler.wait(life, ms < 30_000 ? ms : dice.int(10, 2000), 'syncs again');
      },
    };
    const tell = (now: SyncState): void => {
      ({ state } = now);
      if (now.state === 'settled') return;
      const { code, cause, message } = now.failure;
      scheduler.note(life.name, `${now.state}: ${code}`);
      const isExpected = code !== 'server.internal' && code !== 'log.hub-inconsistent';
      const what = (): string =>
        `${life.name}: ${code} ${message} ${cause instanceof Error ? cause.stack : ''}`;
      rules.check('an honest hub is believed, and nothing else is thrown', isExpected, what);
      if (now.state === 'stopped') scheduler.start(() => this.#heal(code));
    };
    scheduler.start(() => runSync(parts, { aborted: false }, tell));
    const tab: Tab = {
      life,
      store,
      say: async (...said) => {
        const entries = await append(log, said);
        this.#checkSaid(said, entries, session.grant);
      },
      poke: () => {
        isPoked = true;
        parked?.();
      },
      settled: () => state === 'settled' && !isPoked,
    };
    return tab;
  }

  #checkSaid(said: readonly Said[], entries: readonly NewEntry[], grant: OfflineGrant | null): void {
    const { rules, now } = this.#parts.world;
    for (const [at, { kind, entity, basedOn = [] }] of said.entries()) {
      const { entry } = entries[at]!;
      const same = entry.kind === kind && entry.entity === entity && entry.basedOn.join() === basedOn.join();
      rules.check(
        'what was said is what is written',
        same,
        () => `${this.name}: ${kind} became ${entry.kind}`,
      );
      const needsLeave = kind.startsWith('review.') || kind === 'entity.tombstoned';
      // A commit takes a few milliseconds.
      const hasLeave = grant !== null && grant.role !== 'user' && now + this.skewMs < grant.expiresAt + 1000;
      rules.check(
        'nobody signs reviews without leave',
        !needsLeave || hasLeave,
        () => `${this.name}: ${kind}`,
      );
    }
  }

  /** The person sees why nothing goes on, some time later, and does something about it. */
  async #heal(code: string): Promise<void> {
    const { world, clinic } = this.#parts;
    if (this.#isClosed) return;
    world.count('conflicts', `stopped: ${code}`);
    if (code === 'sync.revoked-device') return this.enrolAnew();
    this.#stop();
    this.#isClosed = true;
    await world.pause(this.#dice.int(10_000, 600_000), `${this.name} is looked at: ${code}`);
    if (code === 'sync.client-too-old') {
      while (this.tooOldUntil > world.now) await world.pause(3_600_000, `${this.name} waits for its update`);
    } else {
      const rootKey = await this.#signIn();
      const { identity } = await this.bareStore.state();
      if (identity.device !== this.id) await this.bareStore.beginChain({ clinic, device: this.id, rootKey });
    }
    this.#isClosed = false;
    this.#openTabs();
  }

  /** Until the hub lets this person in on this device. */
  async #signIn(): Promise<string> {
    const { world, network } = this.#parts;
    const isTooOld = (): boolean => false;
    const thawed = (): Promise<void> => Promise.resolve();
    const station = { name: this.name, life: world.people, isOffline: () => this.offline, isTooOld, thawed };
    const ask = network.askFor(station);
    for (;;) {
      try {
        const { rootKey } = await this.#session.signIn(ask, this.person, this.#key);
        return rootKey;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        world.scheduler.note(this.name, `cannot sign in: ${thrown.code}`);
        // Whoever cannot go on without the hub looks for a network.
        if (this.offline && this.#dice.chance(0.3)) this.offline = false;
        // The key was shut out, or its enrolment went another way: a new one is made.
        if (thrown.code === 'sync.revoked-device') this.#key = newDeviceKey();
        const isPatient = thrown.code === 'account.disabled' || this.offline;
        await world.pause(
          isPatient ? this.#dice.int(dayMs / 8, dayMs / 2) : this.#dice.int(5000, 60_000),
          `${this.name} signs in`,
        );
      }
    }
  }
}
