import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import type { Json } from '../../shared/kernel/canonical-json.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { createSerialQueue, type SerialQueue } from '../../shared/kernel/serial-queue.ts';
import type { DeviceTables } from '../../shared/log/device-tables.ts';
import { createMemoryDeviceTables } from '../../shared/log/memory-device-tables.ts';
import { openDeviceStore } from '../../shared/log/open-device-store.ts';
import type { DeskApi } from '../../web/engine/desk-api.ts';
import type { RecordsApi } from '../../web/engine/records-api.ts';
import { createRecordsService } from '../../web/sync/records-service.ts';
import type { WindowMessage } from '../../web/sync/windows.ts';
import { memoryVaultStore, testMachine } from '../fixtures/memory-vault.ts';
import { type HeldReading, memoryFiles, memoryReadings, shortsOf } from '../fixtures/memory-desk.ts';
import type { TestHub } from './records-hub.ts';

/** A browser in memory: what it keeps, its clocks, its network, and windows that come and go. */
export function testBrowser(
  { app }: Pick<TestHub, 'app'>,
  /** Between the hub's answer and the program. */
  altered: (url: string, answer: Response) => Response | Promise<Response> = (_, answer) => answer,
) {
  const machine = testMachine();
  const vaultStore = memoryVaultStore();
  const queues = new Map<string, SerialQueue>();
  const windows: { take: (message: WindowMessage) => void }[] = [];
  const timers: (() => void)[] = [];
  const files = new Map<string, Uint8Array>();
  const readings = new Map<string, HeldReading>();
  const drafts = new Map<string, Json>();
  const asked: string[] = [];
  let tables: DeviceTables | undefined;
  let wall = Date.now();
  let isOnline = true;
  let isDamaged = false;
  let held: (() => void)[] | undefined;

  function open(): RecordsApi & DeskApi {
    const self: { take: (message: WindowMessage) => void } = { take: () => undefined };
    windows.push(self);
    return createRecordsService({
      vaultStore,
      argon2id: machine.tools.argon2id,
      monotonic: machine.tools.monotonic,
      wall: () => wall,
      random: () => 0.5,
      crypto: nodeCrypto,
      startSha256: runningSha256,
      async openTables(_, identity) {
        if (isDamaged) throw new AppError('storage.damaged', 'scribbled over');
        if (tables === undefined && identity === undefined) throw new AppError('sync.unknown-device', 'none');
        tables ??= createMemoryDeviceTables(identity!);
        return {
          tables,
          files: memoryFiles(files),
          readings: memoryReadings(readings),
          shorts: shortsOf(tables),
          drafts: {
            get: async (name) => drafts.get(name),
            put: async (name, draft) =>
              void (draft === undefined ? drafts.delete(name) : drafts.set(name, draft)),
          },
          unsyncedNames: async () => {
            const queued = await tables!.queued(1e6);
            const { version } = await tables!.state();
            const pictures = (await tables!.blobs(1e6)).length;
            const sizes = [(await tables!.counts()).entries, 0, 0] as const;
            return { version, names: queued.map(({ h }) => h), pictures, sizes };
          },
          close: () => undefined,
        };
      },
      home: {
        async look() {
          if (isDamaged) throw new AppError('storage.damaged', 'scribbled over');
          return tables === undefined ? 'empty' : 'held';
        },
        async makeAnew(identity) {
          isDamaged = false;
          tables = createMemoryDeviceTables(identity);
        },
        async forget() {
          isDamaged = false;
          tables = undefined;
        },
      },
      async fetch(url, init) {
        asked.push(url);
        if (!isOnline) throw new TypeError('Failed to fetch');
        // A browser says how long its body is.
        const length = typeof init.body === 'string' ? Buffer.byteLength(init.body) : init.body?.length;
        const headers = {
          ...init.headers,
          ...(length !== undefined && { 'Content-Length': String(length) }),
        };
        return altered(url, await app.request(`http://127.0.0.1:8787${url}`, { ...init, headers }));
      },
      exclusively(name, work, signal) {
        const queue = queues.get(name) ?? createSerialQueue();
        queues.set(name, queue);
        return queue.run(async () => {
          signal?.throwIfAborted();
          return work();
        });
      },
      // Until there is something to do.
      wait: (_, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve());
        }),
      every: (_, task) => void timers.push(task),
      windows: {
        tell: (message) => {
          for (const other of windows) {
            if (other === self) continue;
            if (held === undefined) queueMicrotask(() => other.take(message));
            else held.push(() => other.take(message));
          }
        },
        onMessage: (take) => void (self.take = take),
      },
    });
  }

  return {
    open,
    asked,
    files,
    vaultStore,
    isRecorded: (id: string) => readings.get(id)?.local.recorded,
    forgetRecorded: (id: string) => {
      const held = readings.get(id)!;
      readings.set(id, { ...held, local: { ...held.local, recorded: false } });
    },
    online: (next: boolean) => void (isOnline = next),
    /** Also what happens by itself. */
    pass: (milliseconds: number) => {
      wall += milliseconds;
      machine.pass(milliseconds);
      for (const timer of timers) timer();
    },
    setClock: (ms: number) => void (wall = ms),
    clock: () => wall,
    /** Past the service, as the sync engine writes. */
    store: () => openDeviceStore(tables!),
    /** As the browser does when it is short of room. */
    evictRecords: () => void (tables = undefined),
    damageRecords: () => void (isDamaged = true),
    /** What windows tell each other stays on its way. */
    holdMessages: () => void (held = []),
    /** And comes now, the latest first: nobody promises an order. */
    releaseMessages: () => {
      const late = held ?? [];
      held = undefined;
      for (const deliver of late.toReversed()) deliver();
    },
    /** All windows close. */
    kill: () => {
      windows.length = 0;
      timers.length = 0;
      queues.clear();
    },
  };
}
