import {
  changeLook,
  type Look,
  type LookBase,
  type LookChange,
  lookOfDrag,
  plainLook,
  rebased,
} from './display-window.ts';
import type { MeasureTool } from './measurements/measurement.ts';
import { givenUp, type Measuring, nothingMeasured } from './measurements/measure-state.ts';
import { isMeasuring, type MeasureAction, nextMeasuring } from './measurements/measure-actions.ts';
import {
  type Orientation,
  type OrientationChange,
  reoriented,
  reorientedView,
  shownSize,
  upright,
} from './orientation.ts';
import {
  fitView,
  type Frame,
  frameOf,
  oneToOneView,
  panBy,
  type Point,
  refit,
  type Size,
  toggleFit,
  type View,
  zoomTo,
} from './view-transform.ts';

/** What dragging with one finger or the main button does. */
export type Tool = 'move' | 'look' | MeasureTool;

/** Of the stage, in CSS pixels. */
interface StageSize extends Size {
  readonly pixelRatio: number;
}

export interface ViewerState {
  /** Of the picture as it is stored. */
  readonly size: Size;
  readonly stage: StageSize;
  readonly frame: Frame;
  readonly view: View;
  readonly orientation: Orientation;
  readonly look: Look;
  readonly tool: Tool;
  readonly measuring: Measuring;
  /** Of the file, counted from 0: what the person wants to see, and what is seen. */
  readonly wantedFrame: number;
  readonly shownFrame: number;
  readonly lungsShown: boolean;
  readonly heatShown: boolean;
  /** 0 … 100 */
  readonly heatOpacity: number;
}

export type ViewerAction =
  | { readonly type: 'stage'; readonly stage: StageSize }
  | { readonly type: 'pan'; readonly by: Point }
  /**
   * Does what the tool says, or the look where `look` is set. `byStage`: the same way in shares of the stage; `at`: where
   * the pointer is now, as in `View`.
   */
  | {
      readonly type: 'drag';
      readonly by: Point;
      readonly byStage: Point;
      readonly look: boolean;
      readonly at: Point;
    }
  /** An arrow key, a unit step on the screen; `far`: with Shift. What it moves depends on the tool. */
  | { readonly type: 'arrow'; readonly by: Point; readonly far: boolean }
  /** About the middle where no point is given. */
  | { readonly type: 'zoom'; readonly factor: number; readonly about?: Point }
  | { readonly type: 'fit' }
  | { readonly type: 'one-to-one' }
  | { readonly type: 'toggle-fit'; readonly about: Point }
  | { readonly type: 'reorient'; readonly change: OrientationChange }
  | { readonly type: 'change-look'; readonly by: LookChange }
  | { readonly type: 'set-look'; readonly look: Partial<LookChange> }
  | { readonly type: 'set-base'; readonly base: LookBase }
  | { readonly type: 'toggle-base' }
  | { readonly type: 'invert' }
  | { readonly type: 'reset' }
  /** As another picture is looked at. */
  | { readonly type: 'adopt'; readonly view: View; readonly look: Look }
  | { readonly type: 'to-frame'; readonly frame: number }
  | { readonly type: 'toggle-lungs' }
  | { readonly type: 'toggle-heat' }
  | { readonly type: 'set-opacity'; readonly opacity: number }
  | MeasureAction;

/** @param size of the picture as it is stored */
export function startState(size: Size): ViewerState {
  return {
    size,
    stage: { width: 0, height: 0, pixelRatio: 1 },
    frame: { width: 1, height: 1, oneToOne: 1, scale: 1 },
    view: fitView,
    orientation: upright,
    look: plainLook,
    tool: 'move',
    measuring: nothingMeasured,
    wantedFrame: 0,
    shownFrame: 0,
    lungsShown: true,
    heatShown: true,
    heatOpacity: 55,
  };
}

const middle: Point = { x: 0, y: 0 };
/** A tenth of the picture as it is shown at 100 %. */
const panStep = 0.1;
const lookStep = 5;

export function nextState(state: ViewerState, action: ViewerAction): ViewerState {
  const { view, frame, look } = state;
  switch (action.type) {
    case 'stage':
      return framed({ ...state, stage: action.stage });
    case 'pan':
      return { ...state, view: panBy(view, action.by, frame) };
    case 'drag':
      return dragged(state, action);
    case 'arrow':
      return arrowed(state, action);
    case 'zoom':
      return { ...state, view: zoomTo(view, view.zoom * action.factor, action.about ?? middle, frame) };
    case 'fit':
      return { ...state, view: fitView };
    case 'one-to-one':
      return { ...state, view: oneToOneView(view, frame) };
    case 'toggle-fit':
      // Two taps set two points.
      return isMeasuring(state) ? state : { ...state, view: toggleFit(view, action.about, frame) };
    case 'reorient':
      return framed({
        ...state,
        orientation: reoriented(state.orientation, action.change),
        view: reorientedView(view, action.change),
        measuring: givenUp(state.measuring),
      });
    case 'change-look':
      return { ...state, look: changeLook(look, action.by) };
    case 'set-look':
      return { ...state, look: { ...look, ...action.look } };
    case 'set-base':
      return { ...state, look: rebased(look, action.base) };
    case 'toggle-base':
      return { ...state, look: rebased(look, look.base === 'whole' ? 'file' : 'whole') };
    case 'invert':
      return { ...state, look: { ...look, inverted: !look.inverted } };
    case 'reset':
      return framed({
        ...state,
        view: fitView,
        look: plainLook,
        orientation: upright,
        measuring: givenUp(state.measuring),
      });
    case 'adopt':
      return { ...state, look: action.look, view: refit(action.view, frame) };
    case 'to-frame':
      return { ...state, wantedFrame: action.frame };
    case 'toggle-lungs':
      return { ...state, lungsShown: !state.lungsShown };
    case 'toggle-heat':
      return { ...state, heatShown: !state.heatShown };
    case 'set-opacity':
      return { ...state, heatOpacity: action.opacity };
    case 'press':
    case 'point':
    case 'hover':
    case 'release':
    case 'give-up':
    case 'leave':
    case 'step':
    case 'set-point':
    case 'escape':
    case 'select-next':
    case 'select':
    case 'remove':
    case 'choose-tool':
    case 'frame-shown':
      return nextMeasuring(state, action);
  }
}

/** The stage or what lies on it has changed its shape. */
function framed(state: ViewerState): ViewerState {
  const { stage, size, orientation, view } = state;
  const frame = frameOf(stage, shownSize(size, orientation), stage.pixelRatio);
  return { ...state, frame, view: refit(view, frame) };
}

function dragged(state: ViewerState, action: ViewerAction & { readonly type: 'drag' }): ViewerState {
  const { measuring, tool, view, frame, look } = state;
  if (!action.look && (measuring.press !== undefined || isMeasuring(state))) {
    return nextMeasuring(state, { type: 'point', at: action.at });
  }
  return action.look || tool === 'look'
    ? { ...state, look: changeLook(look, lookOfDrag(action.byStage.x, action.byStage.y)) }
    : { ...state, view: panBy(view, action.by, frame) };
}

function arrowed(state: ViewerState, { by, far }: ViewerAction & { readonly type: 'arrow' }): ViewerState {
  const { measuring, tool, view, frame, look } = state;
  if (isMeasuring(state) || measuring.selected !== undefined) {
    return nextMeasuring(state, { type: 'step', by, far });
  }
  if (far !== (tool === 'look')) {
    return {
      ...state,
      look: changeLook(look, { brightness: 0 - by.y * lookStep, contrast: by.x * lookStep }),
    };
  }
  // The stage moves under the arrow, as a page does when it is scrolled: the picture goes the other way.
  return { ...state, view: panBy(view, { x: 0 - by.x * panStep, y: 0 - by.y * panStep }, frame) };
}
