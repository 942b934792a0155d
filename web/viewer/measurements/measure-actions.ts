import { stepFromShown, toShown, shownSize } from '../orientation.ts';
import { enlargement, pictureAt } from '../stage-geometry.ts';
import { bringInSight, type Point } from '../view-transform.ts';
import type { Tool, ViewerState } from '../viewer-state.ts';
import type { MeasureTool } from './measurement.ts';
import {
  atRest,
  crosshair,
  escaped,
  givenUp,
  type Ground,
  hoveredAt,
  type Measuring,
  pointedAt,
  pointerLeft,
  pressed,
  released,
  removed,
  selectItem,
  selectNext,
  selectNextPart,
  setPoint,
  steppedBy,
} from './measure-state.ts';

/** Places are those of `View`; `reach` is how far a pointer may miss, in CSS pixels. */
export type MeasureAction =
  | { readonly type: 'press'; readonly at: Point; readonly reach: number }
  /** The pointer has moved: while it is down, and without a button. */
  | { readonly type: 'point' | 'hover'; readonly at: Point }
  | { readonly type: 'release'; readonly at: Point; readonly reach: number }
  | { readonly type: 'give-up' }
  | { readonly type: 'leave' }
  | { readonly type: 'step'; readonly by: Point; readonly far: boolean }
  | { readonly type: 'set-point' }
  | { readonly type: 'escape' }
  | { readonly type: 'select-next'; readonly by: 1 | -1 }
  | { readonly type: 'select'; readonly id: number }
  /** What is selected where no `id` is given. */
  | { readonly type: 'remove'; readonly id?: number }
  /** `byKey`: a tool that measures begins with a crosshair. */
  | { readonly type: 'choose-tool'; readonly tool: Tool; readonly byKey?: boolean }
  /** Of the file, counted from 0: it is on the stage now. */
  | { readonly type: 'frame-shown'; readonly frame: number };

const farStep = 10;
const middle: Point = { x: 0, y: 0 };

function measureTool(tool: Tool): MeasureTool | undefined {
  return tool === 'move' || tool === 'look' ? undefined : tool;
}

/** The tool in hand measures. */
export function isMeasuring({ tool }: Pick<ViewerState, 'tool'>): boolean {
  return measureTool(tool) !== undefined;
}

function groundOf({ tool, size, shownFrame }: ViewerState): Ground {
  return { tool: measureTool(tool), size, frame: shownFrame };
}

export function nextMeasuring(state: ViewerState, action: MeasureAction): ViewerState {
  const { measuring } = state;
  const ground = groundOf(state);
  const keeping = (next: Measuring): ViewerState =>
    next === measuring ? state : { ...state, measuring: next };
  switch (action.type) {
    case 'press':
      return keeping(
        pressed(measuring, pictureAt(action.at, state), action.reach / enlargement(state), ground),
      );
    case 'point':
      return keeping(pointedAt(measuring, pictureAt(action.at, state), ground));
    case 'hover':
      return keeping(hoveredAt(measuring, pictureAt(action.at, state), ground));
    case 'release':
      return keeping(
        released(measuring, pictureAt(action.at, state), action.reach / enlargement(state), ground),
      );
    case 'give-up':
      return keeping(givenUp(measuring));
    case 'leave':
      return keeping(pointerLeft(measuring));
    case 'step':
      return stepped(state, action.by, action.far);
    case 'set-point':
      return keeping(
        atKeyboard(state).cursor === measuring.cursor ? setPointOrPart(state) : atKeyboard(state),
      );
    case 'escape':
      return leftOff(state);
    case 'select-next':
      return keeping(selectNext(measuring, action.by, state.shownFrame));
    case 'select':
      return selectedById(state, action.id);
    case 'remove': {
      const id = action.id ?? measuring.selected?.id;
      return id === undefined ? state : keeping(removed(measuring, id));
    }
    case 'choose-tool':
      return chosen(state, action.tool, action.byKey === true);
    case 'frame-shown': {
      const wentOn = action.frame !== state.shownFrame;
      const next = wentOn ? { ...atRest(measuring), selected: undefined } : measuring;
      return { ...state, shownFrame: action.frame, measuring: next };
    }
  }
}

/** With a crosshair, if the tool wants one and there is none yet. */
function atKeyboard(state: ViewerState): Measuring {
  const { measuring } = state;
  const hasPlace = measuring.cursor !== undefined || measuring.selected !== undefined;
  return !isMeasuring(state) || hasPlace
    ? measuring
    : crosshair(measuring, pictureAt(middle, state), groundOf(state));
}

function setPointOrPart(state: ViewerState): Measuring {
  const { measuring } = state;
  return measuring.selected !== undefined && !measuring.byKeys
    ? selectNextPart(measuring)
    : setPoint(measuring, groundOf(state));
}

function stepped(state: ViewerState, by: Point, far: boolean): ViewerState {
  const { measuring, orientation } = state;
  const started = atKeyboard(state);
  if (started !== measuring) return { ...state, measuring: started };
  const step = stepFromShown({ x: by.x * (far ? farStep : 1), y: by.y * (far ? farStep : 1) }, orientation);
  const next = steppedBy(measuring, step, groundOf(state));
  const item = next.items.find(({ id }) => id === next.selected?.id);
  const part = next.selected?.part;
  const followed =
    item === undefined ? next.cursor : item.points[part === undefined || part === 'whole' ? 0 : part];
  return followed === undefined ? state : inSight({ ...state, measuring: next }, followed);
}

function inSight(state: ViewerState, point: Point): ViewerState {
  const { size, orientation, view, frame } = state;
  const shown = shownSize(size, orientation);
  const at = toShown(point, size, orientation);
  const share = { x: at.x / shown.width, y: at.y / shown.height };
  return { ...state, view: bringInSight(view, share, frame) };
}

function chosen(state: ViewerState, tool: Tool, byKey: boolean): ViewerState {
  const next = { ...state, tool, measuring: { ...atRest(state.measuring), selected: undefined } };
  return byKey ? { ...next, measuring: atKeyboard(next) } : next;
}

/** Where there is nothing left to leave, the tool is put down. */
function leftOff(state: ViewerState): ViewerState {
  const next = escaped(state.measuring);
  const isDone = state.measuring.draft.length === 0 && state.measuring.selected === undefined;
  return { ...state, measuring: next, tool: isDone ? 'move' : state.tool };
}

function selectedById(state: ViewerState, id: number): ViewerState {
  const item = state.measuring.items.find((each) => each.id === id);
  if (item === undefined) return state;
  const next = { ...state, wantedFrame: item.frame, measuring: selectItem(state.measuring, id) };
  return item.frame === state.shownFrame ? inSight(next, item.points[0]!) : next;
}
