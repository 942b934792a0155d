import { AppError } from '../../shared/kernel/errors.ts';
import type { Outcome, Reading } from '../data/reading.ts';
import type { ReadingStore } from '../data/reading-store.ts';
import type { AnalysisEngine } from '../engine/analysis-engine.ts';
import { problemText } from '../engine/problem-text.ts';
import { readingLock } from '../engine/reading-lock.ts';
import { isLocked } from './recorded-readings.ts';

export interface ReadingQueue {
  /** There may be something to read. */
  wake(): void;
  /** Stops reading this image, if it is the one; it has been deleted. */
  abandon(id: string): void;
}

export interface QueueDeps {
  /** In order: what is not kept goes first. */
  readonly stores: readonly ReadingStore[];
  readonly engine: Pick<AnalysisEngine, 'analyse' | 'getSnapshot' | 'subscribe'>;
  /** Runs `work` while no other tab runs its own. */
  readonly exclusively: (lockName: string, work: () => Promise<void>) => Promise<void>;
  /** A small picture, where the one that came with the result was lost on the way: its worker may have been replaced. */
  readonly drawThumbnail: (file: ArrayBuffer) => Promise<ArrayBuffer>;
  /** A result that the store had no room for. */
  readonly rescue: (reading: Reading, file: ArrayBuffer, outcome: Outcome) => Promise<void>;
}

interface Read {
  readonly outcome: Outcome;
  readonly thumbnail?: Promise<ArrayBuffer | undefined>;
}

/** A file that has stopped its reader so often, in this page or in earlier ones, is not tried again by itself. */
const mostAttempts = 2;

/** Reads what is waiting, one image at a time over all tabs, as long as the engine can. */
export function createReadingQueue({
  stores,
  engine,
  exclusively,
  drawThumbnail,
  rescue,
}: QueueDeps): ReadingQueue {
  let current: { readonly id: string; readonly controller: AbortController } | undefined;
  /** Read, but the result could not be kept: they are not read again by this page. */
  const rescued = new Set<string>();
  let working = false;
  let wokenMeanwhile = false;

  const canRead = (): boolean => engine.getSnapshot().phase === 'ready';

  async function outcomeOf(reading: Reading, store: ReadingStore, signal: AbortSignal): Promise<Read> {
    if (reading.attempts > mostAttempts) {
      const error = new AppError('inference.worker-died', 'this picture has stopped its reader before');
      return { outcome: { problem: problemText(error) } };
    }
    try {
      const { analysis, thumbnail } = await engine.analyse(async () => {
        const file = await store.file(reading.id);
        if (file === undefined)
          throw new AppError('image.unreadable', 'the file is not on this device any more');
        return file;
      }, signal);
      const outcome: Outcome = { analysis: { ...analysis, file: reading.fileName } };
      return { outcome, thumbnail };
    } catch (error) {
      signal.throwIfAborted();
      return { outcome: { problem: problemText(error) } };
    }
  }

  /** Undefined where there never was a picture. */
  async function lostThumbnail(
    { analysis }: Outcome,
    { id }: Reading,
    store: ReadingStore,
  ): Promise<ArrayBuffer | undefined> {
    if (analysis?.image.width === undefined) return undefined;
    const file = await store.file(id).catch(() => undefined);
    return file && drawThumbnail(file).catch(() => undefined);
  }

  /** @returns whether the next one may be tried */
  async function readOne(reading: Reading, store: ReadingStore): Promise<boolean> {
    const controller = new AbortController();
    current = { id: reading.id, controller };
    try {
      const { outcome, thumbnail } = await outcomeOf(reading, store, controller.signal);
      if (outcome.problem !== undefined && !canRead()) {
        // Not this picture's fault: it waits until the engine can read again.
        await store.readAgain(reading.id);
        return false;
      }
      await store.finish(reading.id, outcome).catch(async (error: unknown) => {
        // It is read again by whoever unlocks: nothing of it stays outside of what is sealed.
        if (isLocked(error)) throw error;
        const file = await store.file(reading.id).catch(() => undefined);
        rescued.add(reading.id);
        await rescue(reading, file ?? new ArrayBuffer(), outcome);
      });
      // A list without a small picture is still a list.
      const png = (await thumbnail) ?? (await lostThumbnail(outcome, reading, store));
      if (png !== undefined) await store.keepThumbnail(reading.id, png).catch(() => undefined);
      return true;
    } catch (error) {
      if (isLocked(error)) return false;
      if (!controller.signal.aborted) throw error;
      return true;
    } finally {
      current = undefined;
    }
  }

  async function readAll(): Promise<void> {
    while (canRead()) {
      const next = await takeFromFirst(stores, rescued);
      if (next === undefined || !(await readOne(next.reading, next.store))) return;
    }
  }

  async function work(): Promise<void> {
    working = true;
    try {
      do {
        wokenMeanwhile = false;
        await exclusively(readingLock, readAll);
      } while (wokenMeanwhile && canRead());
    } finally {
      working = false;
    }
  }

  function wake(): void {
    if (working) wokenMeanwhile = true;
    // What fails here is told to the person by the page's own error bar; the next file wakes the queue again.
    else if (canRead()) void work();
  }

  engine.subscribe(wake);
  return {
    wake,
    abandon(id) {
      if (current?.id === id) current.controller.abort();
    },
  };
}

async function takeFromFirst(
  stores: readonly ReadingStore[],
  except: ReadonlySet<string>,
): Promise<{ readonly reading: Reading; readonly store: ReadingStore } | undefined> {
  for (const store of stores) {
    // A store that cannot be opened must not keep the others from being read.
    const reading = await store.takeNext(except).catch(() => undefined);
    if (reading !== undefined) return { reading, store };
  }
  return undefined;
}
