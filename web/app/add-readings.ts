import { AppError } from '../../shared/kernel/errors.ts';
import type { IncomingFile } from '../data/incoming-file.ts';
import type { Reading } from '../data/reading.ts';
import type { NewReading, ReadingStore } from '../data/reading-store.ts';
import type { unkeptReadings } from '../data/unkept-readings.ts';
import type { ProblemText } from '../engine/engine-state.ts';
import type { Observable } from '../engine/observable.ts';
import { problemText } from '../engine/problem-text.ts';
import type { Reserve } from '../pwa/storage-reserve.ts';
import type { ReadingQueue } from './reading-queue.ts';
import { isLocked } from './recorded-readings.ts';
import type { Readings } from './services.ts';

export interface AdderDeps {
  readonly kept: ReadingStore;
  readonly unkept: ReturnType<typeof unkeptReadings>;
  readonly queue: Pick<ReadingQueue, 'wake'>;
  readonly drawThumbnail: (file: ArrayBuffer) => Promise<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  readonly wallClockMs: () => number;
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<void>;
  readonly reserve: Reserve;
}

/** By then the queue has taken what it can read at once. */
const headStartMs = 100;
const maxFileBytes = 256 * 1024 * 1024;
/** Between the files of one choice: keeps their order in a list that has the newest first. */
const orderStepMs = 1e-3;
/** Every transaction waits for the disk and makes the list anew, so that a folder is kept in a few of them. */
const mostTogether = 12;
const mostBytesTogether = 32 * 1024 * 1024;

/** Makes a reading of each file, whatever is in it. The first is kept by itself: reading it begins meanwhile. */
export function createAdder(
  deps: AdderDeps,
  storageProblem: Observable<ProblemText | undefined> & { set(problem: ProblemText | undefined): void },
): Readings['add'] {
  const { kept, unkept, queue } = deps;
  let thumbnails: Promise<void> = Promise.resolve();
  let drawing = 0;

  async function keepOne({ reading, file }: NewReading): Promise<ReadingStore> {
    try {
      await kept.add([{ reading, file }]);
      if (unkept.changes.getSnapshot().length === 0) storageProblem.set(undefined);
      return kept;
    } catch (error) {
      if (isLocked(error)) throw error;
      storageProblem.set(problemText(error));
      await unkept.add([{ reading, file }]);
      return unkept;
    }
  }

  /** Together, or one by one where there is no room for all. */
  async function keepAll(batch: readonly NewReading[]): Promise<void> {
    const together =
      batch.length > 1 &&
      (await kept.add(batch).then(
        () => true,
        () => false,
      ));
    for (const each of batch) {
      const store = together ? kept : await keepOne(each);
      drawLater(each.reading.id, store);
    }
    queue.wake();
  }

  /** One after the other, so that the reading keeps a core. */
  function drawLater(id: string, store: ReadingStore): void {
    const isFirst = drawing === 0;
    drawing += 1;
    thumbnails = thumbnails
      .then(() => addThumbnail(id, store, isFirst))
      .catch(() => undefined)
      .finally(() => (drawing -= 1));
  }

  async function addThumbnail(id: string, store: ReadingStore, isFirst: boolean): Promise<void> {
    if (isFirst) await deps.pause(headStartMs);
    // What is being read, or has been, brings its own.
    if ((await store.get(id))?.reading.state !== 'waiting') return;
    const file = await store.file(id);
    if (file !== undefined) await store.keepThumbnail(id, await deps.drawThumbnail(file));
  }

  async function addFailed(reading: Reading, error: AppError): Promise<void> {
    const problem = problemText(error);
    const failed: Reading = { ...reading, state: 'failed', problem: problem.title };
    const store = await keepOne({ reading: failed, file: new ArrayBuffer() });
    // The row says the same; what is lost is the advice.
    await store.finish(reading.id, { problem }).catch(() => undefined);
  }

  return async (files, onAdded) => {
    const now = deps.wallClockMs();
    let batch: NewReading[] = [];
    let failed = 0;
    const flush = async (count: number): Promise<void> => {
      if (batch.length > 0) await keepAll(batch);
      batch = [];
      onAdded?.(count);
    };
    for (const [index, file] of files.entries()) {
      if (!(await deps.reserve.take(file.size))) {
        await flush(index);
        throw new AppError('storage.reserve', `no room for ${files.length - index} of ${files.length}`);
      }
      const reading = newReading(deps.newId(), file, now - index * orderStepMs);
      const opened = await openFile(file);
      if (opened instanceof AppError) {
        await addFailed(reading, opened);
        failed += 1;
      } else batch.push({ reading, file: opened });
      const bytes = batch.reduce((sum, each) => sum + each.file.byteLength, 0);
      if (index === 0 || batch.length >= mostTogether || bytes >= mostBytesTogether) await flush(index + 1);
    }
    await flush(files.length);
    return { added: files.length - failed, failed };
  };
}

function newReading(id: string, file: IncomingFile, addedAt: number): Reading {
  return {
    id,
    fileName: file.name,
    bytes: file.size,
    addedAt,
    state: 'waiting',
    attempts: 0,
    synthetic: false,
    findings: [],
  };
}

async function openFile(file: IncomingFile): Promise<ArrayBuffer | AppError> {
  if (file.size > maxFileBytes) return new AppError('image.too-large', `${file.size} bytes`);
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    if (cause instanceof AppError) return cause;
    return new AppError('image.unreadable', String(cause), { cause });
  }
}
