import { createCaller } from '../../shared/api/call-endpoint.ts';
import { syncCalls } from '../../shared/api/sync-calls.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { runSync, type SyncState } from '../../shared/log/sync-engine.ts';
import type { SyncNote } from '../engine/records-api.ts';
import type { OpenRecords, RecordsParts } from './open-records.ts';
import { sendFiles, signedInCall } from './send-files.ts';
import { locks } from './windows.ts';

export interface Syncer {
  /** There is something to send: at once, unless the hub is being left alone for a while. */
  poke(): void;
  /** At once in any case. */
  urge(): void;
  /** Stopped, or nothing goes on without a person. */
  hasEnded(): boolean;
  stop(): void;
}

/**
 * Syncs as soon as this window is the one that does, until stopped: another one that waits then takes over. Records first,
 * pictures after them.
 */
export function startSyncer(
  records: OpenRecords,
  parts: RecordsParts,
  tell: (note: SyncNote) => void,
): Syncer {
  const stopping = new AbortController();
  let resting = new AbortController();
  let isPoked = false;
  let isUrged = false;
  let isBackingOff = false;

  const poke = (): void => {
    isPoked = true;
    if (!isBackingOff) resting.abort();
  };
  const urge = (): void => {
    isUrged = true;
    resting.abort();
  };
  const wait = async (milliseconds: number): Promise<void> => {
    const isWanted = isUrged || (isPoked && !isBackingOff);
    if (!isWanted && !stopping.signal.aborted) await parts.wait(milliseconds, resting.signal);
    isPoked = false;
    isUrged = false;
    resting = new AbortController();
  };
  /** Records go before pictures, also those that are written while a picture is on its way; it goes on where it was. */
  const untilWanted = {
    get aborted() {
      return stopping.signal.aborted || isPoked || isUrged;
    },
  };

  const { fetch, crypto, random, wall } = parts;
  const { tokens, log } = records;
  const call = createCaller({ fetch, hub: '', tokens });
  const files = {
    store: log.store,
    files: records.files,
    call: signedInCall(fetch, tokens),
    sha256: (bytes: Uint8Array) => crypto.sha256(bytes),
    wait: (milliseconds: number) => parts.wait(milliseconds, stopping.signal),
    random,
  };

  /** What the engine says, and after each time that all records went, the pictures. */
  async function passOn(state: SyncState): Promise<void> {
    // What it was in the middle of fails once the records are closed.
    if (stopping.signal.aborted) return;
    const at = wall();
    if (state.state !== 'settled') {
      const { code } = state.failure;
      return tell({ state: state.state, at, code });
    }
    try {
      await sendFiles(files, untilWanted);
      // Interrupted, it has not come to its end; it goes on after what it was interrupted for.
      if (!untilWanted.aborted) tell({ state: 'settled', at: wall() });
    } catch (thrown) {
      const code = thrown instanceof AppError ? thrown.code : 'server.internal';
      tell({ state: 'waiting', at: wall(), code });
    }
  }

  async function run(): Promise<void> {
    let passing: Promise<void> = Promise.resolve();
    const engine = {
      store: log.store,
      crypto,
      transport: syncCalls(call),
      random,
      wait: async (milliseconds: number) => {
        await passing;
        await wait(milliseconds);
      },
    };
    await runSync(engine, stopping.signal, (state) => {
      isBackingOff = state.state === 'waiting';
      passing = passOn(state);
    });
    await passing;
  }

  let hasEnded = false;
  const ended = (): void => void (hasEnded = true);
  // It throws only where the lock was given up before it was had.
  void parts.exclusively(locks.sync, run, stopping.signal).then(ended, ended);

  return {
    poke,
    urge,
    hasEnded: () => hasEnded,
    stop() {
      stopping.abort();
      resting.abort();
    },
  };
}
