import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { AppError } from '../../shared/kernel/errors.ts';
import type { IncomingFile } from '../data/incoming-file.ts';
import type { Reading } from '../data/reading.ts';
import type { ReadingStore } from '../data/reading-store.ts';
import type { unkeptReadings } from '../data/unkept-readings.ts';
import type { AnalysisEngine } from '../engine/analysis-engine.ts';
import type { ProblemText } from '../engine/engine-state.ts';
import { createObservable } from '../engine/observable.ts';
import { problemText } from '../engine/problem-text.ts';
import type { ReadingQueue } from './reading-queue.ts';
import type { Readings } from './services.ts';
import { useObservable } from './services-context.tsx';

export interface ReadingsDeps {
  readonly kept: ReadingStore;
  readonly unkept: ReturnType<typeof unkeptReadings>;
  readonly queue: Pick<ReadingQueue, 'wake' | 'abandon'>;
  readonly engine: Pick<AnalysisEngine, 'explain'>;
  readonly drawThumbnail: (file: ArrayBuffer) => Promise<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  readonly wallClockMs: () => number;
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<void>;
}

/** By then the queue has taken what it can read at once. */
const headStartMs = 100;
const maxFileBytes = 256 * 1024 * 1024;
/** Between the files of one choice: keeps their order in a list that has the newest first. */
const orderStepMs = 1e-3;

/** The readings of this device, as the screens see them. Each file becomes a reading, whatever is in it. */
export function createReadings(deps: ReadingsDeps): Readings {
  const { kept, unkept, queue, engine } = deps;
  const storageProblem = createObservable<ProblemText | undefined>(undefined);
  let thumbnails: Promise<void> = Promise.resolve();

  const isUnkept = (id: string): boolean => unkept.changes.getSnapshot().some((reading) => reading.id === id);
  const storeOf = (id: string): ReadingStore => (isUnkept(id) ? unkept : kept);

  /** A store that cannot be read is empty; that it is so is said once, in the storage problem. */
  async function orElse<Value>(read: Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await read;
    } catch (error) {
      storageProblem.set(problemText(new AppError('storage.unavailable', String(error), { cause: error })));
      return otherwise;
    }
  }

  async function keep(reading: Reading, file: ArrayBuffer): Promise<ReadingStore> {
    try {
      await kept.add(reading, file);
      if (unkept.changes.getSnapshot().length === 0) storageProblem.set(undefined);
      return kept;
    } catch (error) {
      storageProblem.set(problemText(error));
      await unkept.add(reading, file);
      return unkept;
    }
  }

  async function addOne(file: IncomingFile, addedAt: number): Promise<void> {
    const reading: Reading = {
      id: deps.newId(),
      fileName: file.name,
      bytes: file.size,
      addedAt,
      state: 'waiting',
      attempts: 0,
      synthetic: false,
      findings: [],
    };
    const opened = await openFile(file);
    if (opened instanceof AppError) {
      const problem = problemText(opened);
      const failed: Reading = { ...reading, state: 'failed', problem: problem.title };
      const store = await keep(failed, new ArrayBuffer());
      // The row says the same; what is lost is the advice.
      await store.finish(reading.id, { problem }).catch(() => undefined);
      return;
    }
    const store = await keep(reading, opened);
    queue.wake();
    thumbnails = thumbnails.then(() => addThumbnail(reading.id, store).catch(() => undefined));
  }

  /** For what has to wait longer: one after the other, so that the reading keeps a core. */
  async function addThumbnail(id: string, store: ReadingStore): Promise<void> {
    await deps.pause(headStartMs);
    // What is being read, or has been, brings its own.
    if ((await store.get(id))?.reading.state !== 'waiting') return;
    const file = await store.file(id);
    if (file !== undefined) await store.keepThumbnail(id, await deps.drawThumbnail(file));
  }

  return {
    storageProblem,
    useList() {
      const keptList = useLiveQuery(() => orElse(kept.list(), []));
      const unkeptList = useObservable(unkept.changes);
      return useMemo(() => keptList && merged(keptList, unkeptList), [keptList, unkeptList]);
    },
    useReading(id) {
      const unkeptList = useObservable(unkept.changes);
      return useLiveQuery(async () => {
        const found = await orElse(storeOf(id).get(id), undefined);
        return found === undefined ? null : { ...found, kept: storeOf(id) === kept };
      }, [id, unkeptList]);
    },
    useThumbnail(id, isLookedAt) {
      const unkeptList = useObservable(unkept.changes);
      return useLiveQuery(
        async () => (isLookedAt ? orElse(storeOf(id).thumbnail(id), undefined) : undefined),
        [id, isLookedAt, unkeptList],
      );
    },
    file: (id) => orElse(storeOf(id).file(id), undefined),
    async add(files, onAdded) {
      const now = deps.wallClockMs();
      for (const [index, file] of files.entries()) {
        await addOne(file, now - index * orderStepMs);
        onAdded?.(index + 1);
      }
    },
    async remove(id) {
      await Promise.all([unkept.remove([id]), kept.remove([id])]);
      // Afterwards: the queue takes what is still there, and would take it again.
      queue.abandon(id);
    },
    async readAgain(id) {
      await storeOf(id).readAgain(id);
      queue.wake();
    },
    async explain(id, request, signal) {
      const open = async (): Promise<ArrayBuffer> => {
        const file = await storeOf(id).file(id);
        if (file === undefined)
          throw new AppError('image.unreadable', 'the file is not on this device any more');
        return file;
      };
      const explanation = await engine.explain(open, request, signal);
      try {
        await storeOf(id).keepExplanation(id, request.of, explanation);
      } catch (error) {
        // It is shown all the same.
        storageProblem.set(problemText(error));
      }
      return explanation;
    },
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

/** What is not kept hides the row that it stands for. */
function merged(kept: readonly Reading[], unkept: readonly Reading[]): readonly Reading[] {
  if (unkept.length === 0) return kept;
  const hidden = new Set(unkept.map(({ id }) => id));
  return [...unkept, ...kept.filter(({ id }) => !hidden.has(id))].toSorted((a, b) => b.addedAt - a.addedAt);
}
