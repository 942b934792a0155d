import { toHex } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import type { Said } from '../../shared/log/chain.ts';
import { append } from '../../shared/log/device-log.ts';
import type { BlobRef } from '../../shared/log/device-store.ts';
import type { Unsynced } from '../../shared/log/ledger.ts';
import type { DeskApi } from '../engine/desk-api.ts';
import { deskCalls } from '../engine/desk-calls.ts';
import type { FileHere, RecordsApi, RecordsStatus, SyncNote } from '../engine/records-api.ts';
import type { RunningHash } from '../../shared/log/download-blob.ts';
import type { ReadingDesk } from '../records/reading-desk.ts';
import type { Argon2id } from '../vault/key-derivation.ts';
import { openVault } from '../vault/vault.ts';
import type { VaultKeys } from '../vault/vault-keys.ts';
import { makeBundleFile, takeBundleFile } from './bundle-files.ts';
import { bundleKeyLearner } from './bundle-keys.ts';
import { damageWatch } from './damage-watch.ts';
import { enterVault } from './enter-vault.ts';
import { lockCount } from './lock-count.ts';
import { namesakeHeardAt } from './namesake.ts';
import { stillMissing, unsyncedNoter } from './note-unsynced.ts';
import { openDesk } from './open-desk.ts';
import { openRecords, type OpenRecords, type RecordsParts } from './open-records.ts';
import { rebuildRecords } from './rebuild-records.ts';
import { startSyncer, type Syncer } from './syncer.ts';
import { locks, type WindowMessage, type Windows } from './windows.ts';

export interface ServiceParts extends RecordsParts {
  readonly argon2id: Argon2id;
  readonly windows: Windows;
  readonly startSha256: () => RunningHash;
  /** Calls it again and again. */
  readonly every: (milliseconds: number, task: () => void) => void;
}

/** How often it is looked whether somebody is still there, and the time is kept. */
const lookMs = 10_000;
const keepTimeMs = 60_000;
/** Pictures that are counted one by one. */
const mostCounted = 1000;
/** That are listed. */
const mostRefused = 100;

interface Opened {
  readonly records: OpenRecords;
  readonly syncer: Syncer;
  readonly noteUnsynced: () => Promise<Unsynced>;
  readonly desk: ReadingDesk;
  /** How often the device had been locked. */
  readonly locks: number;
}

/** Vault, log and sync of one window. */
export function createRecordsService(given: ServiceParts): RecordsApi & DeskApi {
  const { vaultStore: store, windows, wall, monotonic, exclusively } = given;
  const damage = damageWatch(given, () => changed());
  const parts = { ...given, openTables: damage.openTables };
  const vault = openVault({ store, argon2id: parts.argon2id, monotonic });
  const count = lockCount(store);
  /** Opening and locking, one after the other. */
  const changes = createSerialQueue();
  const watchers = new Set<() => void>();
  let opened: Opened | undefined;
  let sync: SyncNote = { state: 'resting' };
  let touched = { wall: wall(), monotonic: monotonic() };

  const changed = (): void => {
    for (const tell of watchers) tell();
  };
  const touchHere = (): void => {
    touched = { wall: wall(), monotonic: monotonic() };
  };
  const note = (next: SyncNote): void => {
    sync = next;
    changed();
  };

  /** A laptop that slept has a monotonic clock that slept, and one whose clock was set back has another wall clock. */
  function isDeserted({ records }: Opened): boolean {
    const idle = Math.max(wall() - touched.wall, monotonic() - touched.monotonic);
    return idle >= records.secrets.policy.lockAfterMinutes * 60_000;
  }

  function enter(records: OpenRecords, times: number): void {
    // Without the time that they had: a sign-in may just have put it right.
    opened?.syncer.stop();
    opened?.records.close();
    touchHere();
    const learnBundleKey = bundleKeyLearner(records, parts);
    const syncer = startSyncer(records, parts, (next) => {
      if (next.state === 'settled') {
        learnBundleKey();
        void opened?.desk.afterSync().catch(() => undefined);
      }
      note(next);
      windows.tell({ kind: 'synced', note: next });
    });
    damage.forget();
    const desk = openDesk(records, parts, {
      written: () => {
        syncer.poke();
        windows.tell({ kind: 'written' });
        changed();
      },
      changed: () => {
        windows.tell({ kind: 'changed' });
        changed();
      },
    });
    opened = { records, syncer, desk, noteUnsynced: unsyncedNoter(records, wall), locks: times };
    // What an earlier window had begun; it is tried again with the next reading.
    void desk.tidy().catch(() => undefined);
    changed();
  }

  function leave(): void {
    if (opened === undefined) return;
    const { records, syncer } = opened;
    opened = undefined;
    sync = { state: 'resting' };
    syncer.stop();
    void records.time
      .keep()
      .catch(() => undefined)
      .then(() => records.close());
    changed();
  }

  async function lock(): Promise<void> {
    // First for all to see, so that nobody takes keys from before; then here at once, whatever the disk says.
    const counted = count.raise();
    leave();
    windows.tell({ kind: 'locked' });
    await counted;
  }

  async function adopt(keys: VaultKeys, times: number): Promise<void> {
    if ((await count.read()) !== times) return;
    const records = await openRecords(keys, parts);
    if ((await count.read()) === times) enter(records, times);
    else records.close();
  }

  function take(message: WindowMessage): void {
    const quietly = (work: Promise<void>): void => void work.catch(() => undefined);
    switch (message.kind) {
      case 'begun':
        if (opened !== undefined) {
          windows.tell({ kind: 'is-open', keys: opened.records.keys, locks: opened.locks });
        }
        return;
      case 'is-open':
        quietly(
          changes.run(async () => (opened === undefined ? adopt(message.keys, message.locks) : undefined)),
        );
        return;
      case 'opened':
        quietly(changes.run(() => adopt(message.keys, message.locks)));
        return;
      case 'locked':
        leave();
        return;
      case 'touched':
        touchHere();
        return;
      case 'written':
        opened?.syncer.poke();
        changed();
        return;
      case 'changed':
        changed();
        return;
      case 'wanted':
        opened?.syncer.urge();
        return;
      case 'synced':
        note(message.note);
    }
  }

  function current(): Opened {
    if (opened !== undefined && isDeserted(opened)) void lock().catch(() => undefined);
    if (opened === undefined) throw new AppError('vault.locked', 'the device is locked');
    return opened;
  }

  async function status(): Promise<RecordsStatus> {
    const hasVault = opened !== undefined || (await vault.exists());
    const damaged = await damage.current(hasVault);
    const seen = { sync, ...(damaged !== undefined && { damage: damaged }) };
    if (opened === undefined) return { vault: hasVault ? 'locked' : 'none', ...seen };
    try {
      return { ...seen, vault: 'open', open: await factsOf(opened.records) };
    } catch (error) {
      if (damaged === undefined) throw error;
      // Nothing is to be had from it any more.
      leave();
      return status();
    }
  }

  async function factsOf(records: OpenRecords): Promise<NonNullable<RecordsStatus['open']>> {
    const [{ account }, grant, counts, files, { broken }] = await Promise.all([
      records.person(),
      records.grant(),
      records.log.store.counts(),
      records.log.store.blobsToUpload(mostCounted),
      records.log.store.state(),
    ]);
    const { id, email, role, clinic } = account;
    const mayRead = grant !== null && grant.role !== 'user' && records.time.now() < grant.expiresAt;
    return {
      person: { id, email, role },
      clinic,
      device: records.secrets.device,
      ...(mayRead && { grantEndsAt: grant.expiresAt }),
      counts,
      files: files.length,
      broken: broken !== null,
    };
  }

  /** Opens for this window and all others. */
  const openForAll = (open: () => Promise<OpenRecords>): Promise<RecordsStatus> =>
    changes.run(async () => {
      // What does not open may be gone: that is looked at again.
      const records = await open().finally(changed);
      const times = await count.read();
      enter(records, times);
      windows.tell({ kind: 'opened', keys: records.keys, locks: times });
      return status();
    });

  const appendAlone = ({ log }: OpenRecords, said: readonly Said[], blobs: readonly BlobRef[]) =>
    exclusively(locks.append, () => append(log, said, blobs));

  async function keepFile(records: OpenRecords, { bytes, type }: FileHere): Promise<BlobRef> {
    const picture = new Uint8Array(bytes);
    const sha256 = toHex(parts.crypto.sha256(picture));
    await records.files.keep(sha256, picture);
    return { sha256, bytes: picture.length, type };
  }

  /** There is something to send, and something to show. */
  function written(): void {
    opened?.syncer.poke();
    windows.tell({ kind: 'written' });
    changed();
  }

  windows.onMessage(take);
  windows.tell({ kind: 'begun' });
  parts.every(lookMs, () => {
    if (opened !== undefined && isDeserted(opened)) void lock().catch(() => undefined);
  });
  parts.every(keepTimeMs, () => void opened?.records.time.keep().catch(() => undefined));

  return {
    status,
    watch: async (tell) => void watchers.add(tell),
    signIn: (request) => openForAll(() => exclusively(locks.signIn, () => enterVault(vault, request, parts))),
    unlock: ({ rebuild, ...credentials }) =>
      openForAll(async () => {
        const keys = await vault.unlock(credentials);
        return rebuild === true
          ? exclusively(locks.signIn, () => rebuildRecords(keys, parts))
          : openRecords(keys, parts);
      }),
    passkeys: () => vault.passkeys(),
    addPasskey: (credentials, passkey) => vault.addPasskey(credentials, passkey),
    unlockWithPasskey: (passkey) =>
      openForAll(async () => openRecords(await vault.unlockWithPasskey(passkey), parts)),
    lock: () => changes.run(lock),
    async touch() {
      current();
      touchHere();
      windows.tell({ kind: 'touched' });
    },
    async append(said, files = []) {
      const { records } = current();
      const { account } = await records.person();
      const authored = said.map((one) => ({ ...one, actor: account.id }));
      // Until an entry speaks of them, they are files that nothing speaks of.
      const entries = await (files.length === 0
        ? appendAlone(records, authored, [])
        : exclusively(locks.files, async () => {
            const blobs: BlobRef[] = [];
            for (const file of files) blobs.push(await keepFile(records, file));
            return appendAlone(records, authored, blobs);
          }));
      written();
      return entries.map(({ h }) => h);
    },
    draft: async (name) => current().records.drafts.get(name),
    keepDraft: async (name, draft) => current().records.drafts.put(name, draft),
    row: async (table, key) => current().records.log.store.row(table, key),
    rows: async (table, page) => current().records.log.store.rows(table, page),
    async makeBundle(content, write) {
      const made = await makeBundleFile(current().records, parts, content, write);
      written();
      return made;
    },
    async takeBundle(file, tell) {
      try {
        return await takeBundleFile(current().records, parts, file, tell);
      } finally {
        // Also where it ended in the middle.
        written();
      }
    },
    unsynced: async () => current().noteUnsynced(),
    stillMissing: async (lost) => stillMissing(lost, current().records.tables),
    namesakeHeardAt: async () => namesakeHeardAt(current().records, parts),
    distrust: () => damage.mark(),
    refused: async () => {
      const aside = await current().records.log.store.aside(mostRefused);
      return aside.map(({ h, entry, code }) => ({ h, kind: entry.kind, at: entry.ts[0], code }));
    },
    async syncNow() {
      const { records, syncer } = current();
      if (syncer.hasEnded()) enter(records, opened!.locks);
      else syncer.urge();
      windows.tell({ kind: 'wanted' });
    },
    ...deskCalls(async (use) => use(current().desk)),
  };
}
