import type { Point, Size } from '../view-transform.ts';
import { lengthOn, squareGrid } from './geometry.ts';
import { type Hit, hitTest } from './hit-test.ts';
import {
  type Measurement,
  type MeasureTool,
  movedBy,
  pixelMiddle,
  placed,
  pointsNeeded,
  withPoint,
} from './measurement.ts';

export interface Measuring {
  readonly items: readonly Measurement[];
  readonly nextId: number;
  /** The points of what is being drawn, as far as they have been set. */
  readonly draft: readonly Point[];
  /** Where the next point would be set. */
  readonly cursor: Point | undefined;
  /** The cursor is moved by keys and drawn as a crosshair. */
  readonly byKeys: boolean;
  readonly selected: Hit | undefined;
  readonly press: Press | undefined;
  /** What has happened to the list just now, to be said aloud; undefined once something else is done. */
  readonly latest: { readonly did: 'added' | 'deleted'; readonly item: Measurement } | undefined;
}

/** A finger or a button that is down. */
interface Press {
  readonly at: Point;
  /** It holds what is selected. */
  readonly holds: boolean;
  /** It has set the first point: drawing may go on in the same movement. */
  readonly began: boolean;
}

/** What the picture is like on which something is measured. */
export interface Ground {
  readonly tool: MeasureTool | undefined;
  readonly size: Size;
  readonly frame: number;
}

export const nothingMeasured: Measuring = {
  items: [],
  nextId: 1,
  draft: [],
  cursor: undefined,
  byKeys: false,
  selected: undefined,
  press: undefined,
  latest: undefined,
};

/** Nothing is being drawn or held; what has been measured stays. */
export function atRest(measuring: Measuring): Measuring {
  return { ...measuring, draft: [], cursor: undefined, byKeys: false, press: undefined, latest: undefined };
}

export function itemsOf({ items }: Measuring, frame: number): readonly Measurement[] {
  return items.filter((item) => item.frame === frame);
}

/** @param reach in pixels of the picture: how far a finger may miss */
export function pressed(measuring: Measuring, at: Point, reach: number, ground: Ground): Measuring {
  const { tool, size, frame } = ground;
  const drawing = measuring.draft.length > 0;
  const hit = drawing ? undefined : hitTest(itemsOf(measuring, frame), at, reach);
  if (hit !== undefined) {
    const press = { at, holds: true, began: false };
    return { ...atRest(measuring), selected: hit, press };
  }
  if (tool === undefined) return { ...measuring, selected: undefined };
  const point = placed(tool, at, size);
  return {
    ...measuring,
    selected: undefined,
    byKeys: false,
    latest: undefined,
    cursor: point,
    draft: drawing ? measuring.draft : [point],
    press: { at: point, holds: false, began: !drawing },
  };
}

/** The pointer has moved while it is down. */
export function pointedAt(measuring: Measuring, at: Point, { tool, size }: Ground): Measuring {
  const { press, selected } = measuring;
  if (press?.holds === true && selected !== undefined) {
    const by = { x: at.x - press.at.x, y: at.y - press.at.y };
    const moved = changed(measuring, selected.id, (item) =>
      selected.part === 'whole'
        ? movedBy(item, wholeSteps(item, by), size)
        : withPoint(item, selected.part, at, size),
    );
    const rest = selected.part === 'whole' ? leftOver(measuring, moved, selected.id, press.at) : at;
    return { ...moved, press: { ...press, at: rest } };
  }
  return hoveredAt(measuring, at, { tool, size });
}

/** The pointer has moved, and nothing is held by it. */
export function hoveredAt(
  measuring: Measuring,
  at: Point,
  { tool, size }: Pick<Ground, 'tool' | 'size'>,
): Measuring {
  return tool === undefined ? measuring : { ...measuring, byKeys: false, cursor: placed(tool, at, size) };
}

/** What stands on whole pixels moves by whole pixels. */
function wholeSteps({ kind }: Measurement, { x, y }: Point): Point {
  return kind === 'rectangle' || kind === 'probe' ? { x: Math.round(x), y: Math.round(y) } : { x, y };
}

/** Where the press would be had it moved as far as the measurement has: nothing is lost at the edges and between pixels. */
function leftOver(before: Measuring, after: Measuring, id: number, at: Point): Point {
  const start = before.items.find((item) => item.id === id)?.points[0];
  const end = after.items.find((item) => item.id === id)?.points[0];
  return start === undefined || end === undefined
    ? at
    : { x: at.x + end.x - start.x, y: at.y + end.y - start.y };
}

/** @param reach as for `pressed`: a tap sets one point and the next tap the next, a drag sets both its ends */
export function released(measuring: Measuring, at: Point, reach: number, ground: Ground): Measuring {
  const { press, draft } = measuring;
  const { tool, size } = ground;
  if (press === undefined) return measuring;
  const idle = { ...measuring, press: undefined };
  if (press.holds || tool === undefined || draft.length === 0) return idle;
  const point = placed(tool, at, size);
  const tapped = press.began && lengthOn(squareGrid, press.at, point) < reach;
  if (pointsNeeded[tool] === 1) return withNext({ ...idle, draft: [] }, point, ground);
  return tapped ? idle : withNext(idle, point, ground);
}

/** A second finger has come down, the system has taken the first, or the picture has been turned under it. */
export function givenUp(measuring: Measuring): Measuring {
  const { press, draft } = measuring;
  if (press === undefined) return measuring;
  return { ...measuring, press: undefined, draft: press.began ? [] : draft };
}

export function pointerLeft(measuring: Measuring): Measuring {
  return measuring.byKeys || measuring.draft.length > 0 ? measuring : { ...measuring, cursor: undefined };
}

/** The crosshair appears at `start`, the middle of what is seen. */
export function crosshair(measuring: Measuring, start: Point, { size }: Ground): Measuring {
  return { ...measuring, selected: undefined, byKeys: true, cursor: pixelMiddle(start, size) };
}

/** @param step in pixels of the picture */
export function steppedBy(measuring: Measuring, step: Point, ground: Ground): Measuring {
  const { selected, cursor } = measuring;
  const { size } = ground;
  if (selected !== undefined) {
    return changed(measuring, selected.id, (item) => {
      if (selected.part === 'whole') return movedBy(item, step, size);
      const { x, y } = item.points[selected.part]!;
      return withPoint(item, selected.part, { x: x + step.x, y: y + step.y }, size);
    });
  }
  if (cursor === undefined) return measuring;
  const to = pixelMiddle({ x: cursor.x + step.x, y: cursor.y + step.y }, size);
  return { ...measuring, byKeys: true, cursor: to, latest: undefined };
}

export function setPoint(measuring: Measuring, ground: Ground): Measuring {
  return measuring.cursor === undefined ? measuring : withNext(measuring, measuring.cursor, ground);
}

function withNext(measuring: Measuring, point: Point, { tool, frame }: Ground): Measuring {
  if (tool === undefined) return measuring;
  const points = [...measuring.draft, point];
  if (points.length < pointsNeeded[tool]) return { ...measuring, draft: points, latest: undefined };
  const id = measuring.nextId;
  const item: Measurement = { id, kind: tool, frame, points };
  return {
    ...measuring,
    items: [...measuring.items, item],
    latest: { did: 'added', item },
    nextId: id + 1,
    draft: [],
    // By keys the crosshair goes on from here; what it has drawn is selected once it is left.
    selected: measuring.byKeys ? undefined : { id, part: 'whole' },
  };
}

/** The next, or the one before, of the frame; from the last on to the first. */
export function selectNext(measuring: Measuring, by: 1 | -1, frame: number): Measuring {
  const items = itemsOf(measuring, frame);
  if (items.length === 0) return measuring;
  const index = items.findIndex(({ id }) => id === measuring.selected?.id);
  const from = index < 0 && by < 0 ? 0 : index;
  const { id } = items[(from + by + items.length) % items.length]!;
  return { ...atRest(measuring), selected: { id, part: 'whole' } };
}

/** From all of it to its points, one after the other, and back. */
export function selectNextPart(measuring: Measuring): Measuring {
  const { selected, items } = measuring;
  const item = items.find(({ id }) => id === selected?.id);
  if (selected === undefined || item === undefined || item.points.length === 1) return measuring;
  const next = selected.part === 'whole' ? 0 : selected.part + 1;
  return { ...measuring, selected: { ...selected, part: next < item.points.length ? next : 'whole' } };
}

export function selectItem(measuring: Measuring, id: number): Measuring {
  return { ...atRest(measuring), selected: { id, part: 'whole' } };
}

export function removed(measuring: Measuring, id: number): Measuring {
  const { items, selected } = measuring;
  const item = items.find((each) => each.id === id);
  if (item === undefined) return measuring;
  return {
    ...measuring,
    latest: { did: 'deleted', item },
    items: items.filter((each) => each.id !== id),
    selected: selected?.id === id ? undefined : selected,
    press: undefined,
  };
}

/** One step back: first what is being drawn, then the crosshair, then the selection. */
export function escaped(measuring: Measuring): Measuring {
  if (measuring.draft.length > 0) return { ...measuring, draft: [], press: undefined };
  if (measuring.cursor !== undefined && measuring.byKeys) return atRest(measuring);
  return { ...measuring, selected: undefined };
}

function changed(measuring: Measuring, id: number, change: (item: Measurement) => Measurement): Measuring {
  return {
    ...measuring,
    latest: undefined,
    items: measuring.items.map((item) => (item.id === id ? change(item) : item)),
  };
}
