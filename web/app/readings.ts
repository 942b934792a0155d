import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Reading } from '../data/reading.ts';
import type { ReadingStore } from '../data/reading-store.ts';
import type { AnalysisEngine } from '../engine/analysis-engine.ts';
import type { ProblemText } from '../engine/engine-state.ts';
import { createObservable, type Observable } from '../engine/observable.ts';
import { problemText } from '../engine/problem-text.ts';
import { type AdderDeps, createAdder } from './add-readings.ts';
import { isLocked } from './recorded-readings.ts';
import type { ReadingQueue } from './reading-queue.ts';
import type { Readings } from './services.ts';
import { useObservable } from './services-context.tsx';
import { useSame } from './use-same.ts';

export interface ReadingsDeps extends AdderDeps {
  readonly noteUse: Readings['noteUse'];
  /** Another value whenever something of what is kept may have changed without the page's own doing. */
  readonly changes: Observable<unknown>;
  readonly queue: Pick<ReadingQueue, 'wake' | 'abandon'>;
  readonly engine: Pick<AnalysisEngine, 'explain'>;
}

/** The readings of this device, as the screens see them. Each file becomes a reading, whatever is in it. */
export function createReadings(deps: ReadingsDeps): Readings {
  const { kept, unkept, queue, engine, changes } = deps;
  const storageProblem = createObservable<ProblemText | undefined>(undefined);

  const isUnkept = (id: string): boolean => unkept.changes.getSnapshot().some((reading) => reading.id === id);
  const storeOf = (id: string): ReadingStore => (isUnkept(id) ? unkept : kept);

  /** A store that cannot be read is empty; that it is so is said once, in the storage problem. One that is locked says so itself. */
  async function orElse<Value>(read: Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await read;
    } catch (error) {
      if (!isLocked(error))
        storageProblem.set(problemText(new AppError('storage.unavailable', String(error), { cause: error })));
      return otherwise;
    }
  }

  const addFiles = createAdder(deps, storageProblem);

  return {
    storageProblem,
    useList() {
      const change = useObservable(changes);
      const keptList = useLiveQuery(() => orElse(kept.list(), []), [change]);
      const unkeptList = useObservable(unkept.changes);
      return useMemo(() => keptList && merged(keptList, unkeptList), [keptList, unkeptList]);
    },
    useReading(id) {
      const unkeptList = useObservable(unkept.changes);
      const change = useObservable(changes);
      const live = useLiveQuery(async () => {
        const found = await orElse(storeOf(id).get(id), undefined);
        return found === undefined ? null : { ...found, kept: storeOf(id) === kept };
      }, [id, unkeptList, change]);
      return useSame(live);
    },
    useThumbnail(id) {
      const unkeptList = useObservable(unkept.changes);
      const change = useObservable(changes);
      return useLiveQuery(() => orElse(storeOf(id).thumbnail(id), undefined), [id, unkeptList, change]);
    },
    noteUse: async (id, use) => (isUnkept(id) ? undefined : deps.noteUse(id, use)),
    file: (id) => storeOf(id).file(id),
    add: addFiles,
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

/** What is not kept hides the row that it stands for. */
function merged(kept: readonly Reading[], unkept: readonly Reading[]): readonly Reading[] {
  if (unkept.length === 0) return kept;
  const hidden = new Set(unkept.map(({ id }) => id));
  return [...unkept, ...kept.filter(({ id }) => !hidden.has(id))].toSorted((a, b) => b.addedAt - a.addedAt);
}
