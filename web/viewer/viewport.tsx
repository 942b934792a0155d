import { useReducer } from 'react';
import { Viewer, type ViewerProps } from './viewer.tsx';
import { nextState, startState } from './viewer-state.ts';

export type ViewportProps = Omit<ViewerProps, 'state' | 'dispatch'>;

/** A viewer that stands alone. Give it a `key` for each reading. */
export function Viewport(props: ViewportProps) {
  const [state, dispatch] = useReducer(nextState, props.picture, startState);
  return <Viewer {...props} state={state} dispatch={dispatch} />;
}
