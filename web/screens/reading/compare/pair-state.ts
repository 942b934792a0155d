import { rebased } from '../../../viewer/display-window.ts';
import type { Size } from '../../../viewer/view-transform.ts';
import { nextState, startState, type ViewerAction, type ViewerState } from '../../../viewer/viewer-state.ts';

export type Side = 'left' | 'right';

/** Two pictures beside each other; a side is undefined until its picture is open. */
export interface PairState {
  readonly left: ViewerState | undefined;
  readonly right: ViewerState | undefined;
  /** Zoom, place, brightness and contrast go together. */
  readonly linked: boolean;
}

export type PairAction =
  | { readonly type: 'opened'; readonly side: Side; readonly size: Size }
  | { readonly type: 'on'; readonly side: Side; readonly action: ViewerAction }
  | { readonly type: 'link'; readonly linked: boolean };

export const startPair: PairState = { left: undefined, right: undefined, linked: true };

export function nextPair(pair: PairState, action: PairAction): PairState {
  switch (action.type) {
    case 'opened':
      // Opened again after a mishap it goes on as it was.
      return pair[action.side] === undefined ? { ...pair, [action.side]: startState(action.size) } : pair;
    case 'on':
      return acted(pair, action.side, action.action);
    case 'link': {
      const { left, right } = pair;
      const linked = { ...pair, linked: action.linked };
      return action.linked && left && right ? { ...linked, right: following(right, left) } : linked;
    }
  }
}

function acted(pair: PairState, side: Side, action: ViewerAction): PairState {
  const before = pair[side];
  if (before === undefined) return pair;
  const after = nextState(before, action);
  const other = side === 'left' ? 'right' : 'left';
  const partner = pair[other];
  const changed = after.view !== before.view || after.look !== before.look;
  // A stage that has changed its shape moves its own picture only.
  const follows = pair.linked && changed && action.type !== 'stage' && action.type !== 'reorient';
  return {
    ...pair,
    [side]: after,
    ...(follows && partner !== undefined && { [other]: following(partner, after) }),
  };
}

/** Numbers of one picture mean nothing on another: a window that was typed stays where it was typed. */
function following(partner: ViewerState, { view, look }: ViewerState): ViewerState {
  const sameScale = typeof look.base === 'string';
  const { inverted } = partner.look;
  const followed = sameScale
    ? { ...look, inverted }
    : { ...rebased(partner.look, partner.look.base), brightness: look.brightness, contrast: look.contrast };
  return nextState(partner, { type: 'adopt', view, look: followed });
}
