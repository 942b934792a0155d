import type { Explanation, Heatmap } from '../../../../shared/api/explanation.ts';
import { judgementInWords } from '../../../../shared/inference/explanation-words.ts';
import type { EngineState } from '../../../engine/engine-state.ts';
import { isComputable, type MapSubject } from './map-subjects.ts';
import type { MapProgress } from './map-words.ts';

/** The map of a result that is shown, or that is on its way. */
export interface ShownMap {
  readonly subject: MapSubject;
  readonly method: Heatmap['method'];
  readonly heatmap: Heatmap | undefined;
  readonly progress: MapProgress;
}

export interface MapSituation {
  /** What this page has computed, kept or not. */
  readonly computed: Explanation | undefined;
  /** Why it could not be computed. */
  readonly failure: string | undefined;
  readonly engine: EngineState;
  /** No picture waits to be read: only then maps are checked that nobody has asked to have checked. */
  readonly nothingWaits: boolean;
}

export function shownMap(
  subject: MapSubject,
  method: Heatmap['method'],
  { computed, failure, engine, nothingWaits }: MapSituation,
): ShownMap {
  const explanation = computed ?? subject.explanations.find((each) => each.method === method);
  const own = subject.heatmap?.method === method ? subject.heatmap : undefined;
  const heatmap = explanation ?? own;
  const hasMap = heatmap !== undefined;
  const progress = (): MapProgress => {
    if (explanation !== undefined) return { is: 'judged', words: judgementInWords(explanation) };
    if (!isComputable(method)) return { is: 'uncheckable' };
    if (failure !== undefined) return { is: 'failed', hasMap, why: failure };
    if (engine.phase !== 'ready') return { is: 'waiting', hasMap, isEngineReady: false };
    const isSameModel = engine.models.some(({ sha256 }) => sha256 === subject.modelSha256);
    if (!isSameModel) return { is: 'outdated', hasMap };
    if (hasMap && !nothingWaits) return { is: 'waiting', hasMap, isEngineReady: true };
    return { is: 'computing', hasMap };
  };
  return { subject, method, heatmap, progress: progress() };
}
