import { changeLook, type Look, lookOfDrag, plainLook } from './display-window.ts';
import {
  fitView,
  type Frame,
  oneToOneView,
  panBy,
  type Point,
  refit,
  toggleFit,
  type View,
  zoomTo,
} from './view-transform.ts';

export type DragTool = 'move' | 'look';

export interface ViewerState {
  readonly frame: Frame;
  readonly view: View;
  readonly look: Look;
  /** What dragging with one finger or the main button does. */
  readonly tool: DragTool;
  readonly lungsShown: boolean;
  readonly heatShown: boolean;
  /** 0 … 100 */
  readonly heatOpacity: number;
}

export type ViewerAction =
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'pan'; readonly by: Point }
  /** Does what the tool says, or the look where `look` is set. `byStage`: the same way in shares of the stage. */
  | { readonly type: 'drag'; readonly by: Point; readonly byStage: Point; readonly look: boolean }
  /** About the middle where no point is given. */
  | { readonly type: 'zoom'; readonly factor: number; readonly about?: Point }
  | { readonly type: 'fit' }
  | { readonly type: 'one-to-one' }
  | { readonly type: 'toggle-fit'; readonly about: Point }
  | { readonly type: 'change-look'; readonly by: Look }
  | { readonly type: 'set-look'; readonly look: Partial<Look> }
  | { readonly type: 'reset' }
  | { readonly type: 'choose-tool'; readonly tool: DragTool }
  | { readonly type: 'toggle-lungs' }
  | { readonly type: 'toggle-heat' }
  | { readonly type: 'set-opacity'; readonly opacity: number };

export const startState: ViewerState = {
  frame: { width: 1, height: 1, oneToOne: 1 },
  view: fitView,
  look: plainLook,
  tool: 'move',
  lungsShown: true,
  heatShown: true,
  heatOpacity: 55,
};

const middle: Point = { x: 0, y: 0 };

export function nextState(state: ViewerState, action: ViewerAction): ViewerState {
  const { view, frame } = state;
  switch (action.type) {
    case 'frame':
      return { ...state, frame: action.frame, view: refit(view, action.frame) };
    case 'pan':
      return { ...state, view: panBy(view, action.by, frame) };
    case 'drag':
      return action.look || state.tool === 'look'
        ? { ...state, look: changeLook(state.look, lookOfDrag(action.byStage.x, action.byStage.y)) }
        : { ...state, view: panBy(view, action.by, frame) };
    case 'zoom':
      return { ...state, view: zoomTo(view, view.zoom * action.factor, action.about ?? middle, frame) };
    case 'fit':
      return { ...state, view: fitView };
    case 'one-to-one':
      return { ...state, view: oneToOneView(view, frame) };
    case 'toggle-fit':
      return { ...state, view: toggleFit(view, action.about, frame) };
    case 'change-look':
      return { ...state, look: changeLook(state.look, action.by) };
    case 'set-look':
      return { ...state, look: { ...state.look, ...action.look } };
    case 'reset':
      return { ...state, view: fitView, look: plainLook };
    case 'choose-tool':
      return { ...state, tool: action.tool };
    case 'toggle-lungs':
      return { ...state, lungsShown: !state.lungsShown };
    case 'toggle-heat':
      return { ...state, heatShown: !state.heatShown };
    case 'set-opacity':
      return { ...state, heatOpacity: action.opacity };
  }
}
