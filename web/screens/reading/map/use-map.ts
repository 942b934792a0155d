import { useEffect, useMemo, useState } from 'react';
import type { Analysis } from '../../../../shared/api/analysis.ts';
import type { Explanation } from '../../../../shared/api/explanation.ts';
import { whyNoMap } from '../../../../shared/inference/explanation-words.ts';
import { AppError } from '../../../../shared/kernel/errors.ts';
import { useEngineState, useServices } from '../../../app/services-context.tsx';
import { chosenOf, isComputable, type MapChoice, type MapSubject, subjectsOf } from './map-subjects.ts';
import { shownMap, type ShownMap } from './shown-map.ts';

export interface MapControl {
  readonly subjects: readonly MapSubject[];
  /** Undefined when there is nothing to explain. */
  readonly shown: ShownMap | undefined;
  readonly choose: (choice: Partial<MapChoice>) => void;
  readonly tryAgain: () => void;
}

/** A result that has just been opened is looked at, or leafed over. */
const checkPauseMs = 400;

/**
 * The map that the person has chosen: the one that came with the result at once, every other computed when it is chosen. Its
 * judgement follows by itself while the reading is open and `nothingWaits` to be read.
 */
export function useMap(id: string, analysis: Analysis, nothingWaits: boolean): MapControl {
  const { readings } = useServices();
  const engine = useEngineState();
  const subjects = useMemo(() => subjectsOf(analysis), [analysis]);
  const [choice, setChoice] = useState<Partial<MapChoice>>({});
  const [computed, setComputed] = useState<ReadonlyMap<string, Explanation>>(new Map());
  /** Undefined: it is tried again. */
  const [failures, setFailures] = useState<ReadonlyMap<string, string | undefined>>(new Map());

  const { subject, method } = chosenOf(subjects, choice);
  const of = subject?.code ?? '';
  const key = `${of} ${method}`;
  const failureThen = method === 'gradcam' ? subject?.noHeatmap : undefined;
  const failure = failures.has(key) ? failures.get(key) : failureThen;
  const shown =
    subject && shownMap(subject, method, { computed: computed.get(key), failure, engine, nothingWaits });
  const isComputing = shown?.progress.is === 'computing';
  const pauseMs = isComputing && shown.heatmap !== undefined ? checkPauseMs : 0;

  useEffect(() => {
    if (!isComputing || !isComputable(method)) return undefined;
    const stop = new AbortController();
    const compute = async (): Promise<void> => {
      try {
        const explanation = await readings.explain(id, { of, method }, stop.signal);
        setComputed((before) => new Map(before).set(key, explanation));
      } catch (error) {
        if (stop.signal.aborted) return;
        const why = error instanceof AppError ? whyNoMap(error) : String(error);
        setFailures((before) => new Map(before).set(key, why));
      }
    };
    const timer = setTimeout(() => void compute(), pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [readings, id, of, method, key, isComputing, pauseMs]);

  return {
    subjects,
    shown,
    choose: (change) => setChoice({ of, method, ...change }),
    tryAgain: () => setFailures((before) => new Map(before).set(key, undefined)),
  };
}
