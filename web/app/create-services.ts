import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { openDatabase } from '../data/database.ts';
import { pseudonymKey } from '../data/pseudonym-key.ts';
import { keptReadings } from '../data/kept-readings.ts';
import { runtimeSettings } from '../data/runtime-settings.ts';
import { unkeptReadings } from '../data/unkept-readings.ts';
import { createAnalysisEngine } from '../engine/analysis-engine.ts';
import { openAnalysisWorker, prefetchRuntime } from '../engine/analysis-worker.ts';
import { createArchiveClient } from '../engine/archive-client.ts';
import { deviceFacts, gpuUnusable, missingFeature } from '../engine/device-facts.ts';
import { thumbnailSide } from '../engine/picture-api.ts';
import { createFileClient } from '../engine/file-client.ts';
import type { OpenWorker } from '../engine/open-with-fewer-threads.ts';
import { createPictureClient } from '../engine/picture-client.ts';
import { keepLedger, ledgerName } from '../engine/ledger-keeper.ts';
import { createRecordsClient } from '../engine/records-client.ts';
import { programVersion } from '../engine/program-version.ts';
import { threadsToTry } from '../engine/runtime-plan.ts';
import { createRuntimeTrials } from '../engine/runtime-trials.ts';
import { startAppUpdates } from '../pwa/app-updates.ts';
import { holdInstallPrompt } from '../pwa/install-prompt.ts';
import { askToPersist, readStorageFacts } from '../pwa/storage-facts.ts';
import { openReserve } from '../pwa/storage-reserve.ts';
import { browserFacts } from './browser-facts.ts';
import { diagnosticsText } from './diagnostics.ts';
import { deviceReadings } from './device-readings.ts';
import { earlierReadings } from './earlier-readings.ts';
import { createReadingQueue } from './reading-queue.ts';
import { recordedReadings } from './recorded-readings.ts';
import { createReadings } from './readings.ts';
import type { Services } from './services.ts';

const recycle = { images: 50, bytes: 400_000_000 };

/** The one place where the parts of the page are put together. */
export function createServices(): Services {
  const database = openDatabase();
  const records = createRecordsClient();
  const clear = keptReadings(database);
  const { status, failed, changes } = records;
  const kept = deviceReadings({ kept: clear, recorded: recordedReadings(records), status, failed });
  const unkept = unkeptReadings();
  const pictures = createPictureClient();
  const facts = deviceFacts();
  const threads = threadsToTry(facts);
  const updates = startAppUpdates();
  const openWorker: OpenWorker = async (...options) => {
    try {
      return await openAnalysisWorker(...options);
    } catch (error) {
      // The scripts of an older page are gone once another tab has put in a new one.
      const isOutdated = updates.getSnapshot() === 'updated-elsewhere';
      throw isOutdated ? new AppError('page.outdated', describeThrown(error), { cause: error }) : error;
    }
  };
  const engine = createAnalysisEngine({
    openWorker,
    trials: createRuntimeTrials({ openWorker, prefetch: prefetchRuntime, gpuUnusable, threads }),
    store: runtimeSettings(database),
    threads,
    missing: missingFeature(),
    circumstances: JSON.stringify([programVersion, navigator.userAgent, facts]),
    wallClock: () => new Date(),
    recycle,
  });
  const queue = createReadingQueue({
    stores: [unkept, kept],
    engine,
    exclusively: async (name, work) => navigator.locks.request(name, work),
    drawThumbnail: (file) => pictures.thumbnail(file, thumbnailSide),
    rescue: async (reading, file, outcome) => {
      await unkept.add([{ reading, file }]);
      await unkept.finish(reading.id, outcome);
    },
  });
  // What waits in the sealed line can be read as soon as somebody has unlocked.
  status.subscribe(() => {
    if (status.getSnapshot()?.vault === 'open') queue.wake();
  });
  const readings = createReadings({
    changes,
    noteUse: async (id, use) => {
      if (status.getSnapshot()?.vault !== 'none') await records.noteUse(id, use);
    },
    kept,
    unkept,
    queue,
    engine,
    drawThumbnail: (file) => pictures.thumbnail(file, thumbnailSide),
    wallClockMs: () => Date.now(),
    newId,
    pause,
    reserve: openReserve(readStorageFacts),
  });
  const ledger = keepLedger({
    records,
    storage: () => localStorage,
    exclusively: async (name, work) => navigator.locks.request(name, work),
    pause,
  });
  addEventListener('storage', ({ key }) => key === ledgerName && ledger.look());
  addEventListener('pagehide', ledger.look);
  // Asked for when there is something to lose; most browsers decide without asking the person.
  let adding = 0;
  const add: Services['readings']['add'] = async (files, onAdded) => {
    adding += 1;
    const count = await readings.add(files, onAdded).finally(() => (adding -= 1));
    if ((await readStorageFacts()).persisted === false) await askToPersist();
    return count;
  };
  // What has not been kept goes with the page: the browser asks first.
  addEventListener('beforeunload', (event) => {
    if (adding > 0 || unkept.changes.getSnapshot().length > 0) event.preventDefault();
  });
  const sources = { version: programVersion, engine, updates, readStorageFacts, browserFacts };
  void engine.start();
  return {
    engine,
    readings: { ...readings, add },
    earlier: earlierReadings(clear, records),
    records,
    ledger,
    pictures,
    archives: createArchiveClient(),
    fileContents: { ...createFileClient(), key: () => pseudonymKey(database) },
    updates,
    storage: { readStorageFacts, askToPersist },
    install: holdInstallPrompt(),
    diagnostics: { text: () => diagnosticsText(sources) },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** `crypto.randomUUID` is missing on pages that were not opened securely. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
