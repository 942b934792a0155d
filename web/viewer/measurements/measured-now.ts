import type { PixelSpacing } from '../../../shared/imaging/pixel-spacing.ts';
import type { ViewerState } from '../viewer-state.ts';
import type { ListedMeasurement } from './measure-list.tsx';
import type { DrawnMeasurement } from './measure-layer.tsx';
import { inWords, type MeasuredValues, toolNames } from './measured-words.ts';
import { type Measurement, type MeasureTool, pointsNeeded } from './measurement.ts';
import { itemsOf } from './measure-state.ts';

type Live = Pick<Measurement, 'kind' | 'points' | 'frame'>;

/** What is being drawn, or would be probed, up to where the pointer is. */
export function liveMeasurement({ tool, measuring, shownFrame }: ViewerState): Live | undefined {
  const { draft, cursor } = measuring;
  if (tool === 'move' || tool === 'look' || cursor === undefined) return undefined;
  if (draft.length === 0 && tool !== 'probe') return undefined;
  const points = [...draft, cursor].slice(0, pointsNeeded[tool]);
  return { kind: tool, points: tool === 'probe' ? [cursor] : points, frame: shownFrame };
}

export interface MeasuredNow {
  readonly drawn: readonly DrawnMeasurement[];
  readonly listed: readonly ListedMeasurement[];
  /** To be said aloud; empty when there is nothing to say. */
  readonly said: string;
  /** What the pointer or the crosshair is at, on the stage. */
  readonly readout: string;
}

/** Everything that is shown and said of the measurements. @param valuesOf what is known of the pixels of each */
export function measuredNow(
  state: ViewerState,
  spacing: PixelSpacing | undefined,
  valuesOf: (of: Live) => MeasuredValues,
): MeasuredNow {
  const { measuring, shownFrame } = state;
  const { items, selected } = measuring;
  const wordsOf = (of: Live) => inWords(of, spacing, valuesOf(of));
  const live = liveMeasurement(state);
  const drawn: DrawnMeasurement[] = itemsOf(measuring, shownFrame).map((item) => ({
    ...item,
    key: String(item.id),
    words: wordsOf(item).short,
    selected: item.id === selected?.id ? selected.part : undefined,
  }));
  if (live !== undefined && live.kind !== 'probe') {
    drawn.push({ ...live, key: 'live', words: wordsOf(live).short, selected: undefined });
  }
  return {
    drawn,
    listed: items.map((item) => ({ item, words: wordsOf(item).long, selected: item.id === selected?.id })),
    said: said(state, live, (of) => wordsOf(of).long),
    readout: readout(state, live, (of) => wordsOf(of).long),
  };
}

function nameOf({ kind, id }: Measurement): string {
  return `${toolNames[kind]} ${id}`;
}

function placeInWords({ x, y }: { readonly x: number; readonly y: number }): string {
  return `column ${Math.floor(x) + 1}, row ${Math.floor(y) + 1}`;
}

function readout({ measuring }: ViewerState, live: Live | undefined, words: (of: Live) => string): string {
  if (live?.kind === 'probe') return words(live);
  return measuring.byKeys && measuring.cursor !== undefined ? placeInWords(measuring.cursor) : '';
}

const partNames: Readonly<Record<MeasureTool, readonly string[]>> = {
  ruler: ['first end', 'second end'],
  angle: ['first end', 'corner', 'second end'],
  rectangle: ['first corner', 'opposite corner'],
  probe: [],
};

function said(state: ViewerState, live: Live | undefined, words: (of: Live) => string): string {
  const { measuring, tool } = state;
  const { latest, selected, items, cursor, byKeys, draft } = measuring;
  if (latest?.did === 'deleted') return `${nameOf(latest.item)} deleted.`;
  if (latest !== undefined) return `${nameOf(latest.item)}: ${words(latest.item)}.`;
  const item = items.find(({ id }) => id === selected?.id);
  if (item !== undefined && selected !== undefined) {
    const part = selected.part === 'whole' ? 'selected' : (partNames[item.kind][selected.part] ?? '');
    return `${nameOf(item)}, ${part}: ${words(item)}.`;
  }
  if (!byKeys || cursor === undefined || tool === 'move' || tool === 'look') return '';
  if (live?.kind === 'probe') return `${words(live)}.`;
  const set = draft.length === 0 ? '' : `, ${draft.length} of ${pointsNeeded[tool]} points set`;
  const sofar = live === undefined || words(live) === '' ? '' : `, ${words(live)}`;
  return `${toolNames[tool]}: ${placeInWords(cursor)}${set}${sofar}.`;
}
