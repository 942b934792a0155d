import '../pwa/trusted-urls.ts';
import '../zod-without-eval.ts';
import { serve, transfer } from '../engine/worker-rpc.ts';
import { openDexieDeviceTables } from '../data/dexie-device-tables.ts';
import { openDrafts } from '../data/drafts.ts';
import { openKeptFiles } from '../data/kept-files.ts';
import { openLocalReadings } from '../data/local-readings.ts';
import { openSealedShorts } from '../data/sealed-shorts.ts';
import { openRecordsDatabase } from '../data/records-database.ts';
import { recordsHome } from '../data/records-home.ts';
import { readUnsyncedNames } from '../data/unsynced-names.ts';
import { openVaultStore } from '../data/vault-store.ts';
import { createRecordsService } from '../sync/records-service.ts';
import type { WindowMessage } from '../sync/windows.ts';
import { wasmArgon2id } from '../vault/key-derivation.ts';
import { pageCrypto } from '../verify/page-crypto.ts';

/** The keeper of this window's records: keys, log and sync exist here and nowhere else. */

const longestRequestMs = 5 * 60_000;
/** 16 kbit/s. */
const slowestBytesPerMs = 2;

const channel = new BroadcastChannel('fieldray-records');

const api = createRecordsService({
  vaultStore: openVaultStore(),
  async openTables(sealer, identity) {
    const database = openRecordsDatabase();
    try {
      const tables = await openDexieDeviceTables(database, sealer, identity);
      return {
        tables,
        files: openKeptFiles(database, sealer),
        drafts: openDrafts(database, sealer),
        unsyncedNames: () => readUnsyncedNames(database),
        readings: openLocalReadings(database, sealer),
        shorts: await openSealedShorts(database, sealer),
        close: () => database.close(),
      };
    } catch (error) {
      database.close();
      throw error;
    }
  },
  home: recordsHome(),
  crypto: pageCrypto,
  startSha256: () => pageCrypto.startSha256(),
  fetch: (url, init) =>
    fetch(url, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      // A line that is dead without saying so must not hold up all windows for ever.
      signal: AbortSignal.timeout(longestRequestMs + (init.body?.length ?? 0) / slowestBytesPerMs),
    }),
  exclusively: async (name, work, signal) =>
    navigator.locks.request(name, signal === undefined ? {} : { signal }, work),
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  wait: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        self.removeEventListener('online', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      self.addEventListener('online', done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    }),
  every: (milliseconds, task) => void setInterval(task, milliseconds),
  argon2id: wasmArgon2id,
  windows: {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
    tell: (message) => channel.postMessage(message),
    onMessage: (take) =>
      channel.addEventListener('message', ({ data }: MessageEvent<WindowMessage>) => take(data)),
  },
});

serve({
  ...api,
  async readingFile(id: string) {
    const file = await api.readingFile(id);
    return file && transfer(file, [file]);
  },
});
