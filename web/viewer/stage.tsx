import {
  type CSSProperties,
  type Dispatch,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useRef,
} from 'react';
import { stageTarget } from './stage-target.ts';
import { frameOf } from './view-transform.ts';
import { actionOfKey } from './viewer-keys.ts';
import type { ViewerAction, ViewerState } from './viewer-state.ts';
import { watchGestures } from './watch-gestures.ts';

export interface StageProps {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly describedBy: string;
  readonly synthetic: boolean;
  /** The heat map on it is not to be relied on. */
  readonly doubtful: boolean;
  readonly state: ViewerState;
  readonly dispatch: Dispatch<ViewerAction>;
  /** Picture and overlays: they are moved together, and nothing is painted anew. */
  readonly children: ReactNode;
}

export function Stage({
  width,
  height,
  label,
  describedBy,
  synthetic,
  doubtful,
  state,
  dispatch,
  children,
}: StageProps) {
  const stage = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = stage.current!;
    const watching = new AbortController();
    watchGestures(element, stageTarget(element, { width, height }, dispatch), watching.signal);
    const observer = new ResizeObserver(([entry]) => {
      dispatch({ type: 'frame', frame: frameOf(entry!.contentRect, { width, height }, devicePixelRatio) });
    });
    observer.observe(element);
    return () => {
      watching.abort();
      observer.disconnect();
    };
  }, [width, height, dispatch]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const action = actionOfKey(event);
    if (action === undefined) return;
    event.preventDefault();
    dispatch(action);
  };

  const { zoom, x, y } = state.view;
  return (
    <div
      ref={stage}
      className="viewer-stage"
      data-tool={state.tool}
      // The arrow keys belong to the picture, also where a screen reader would take them.
      role="application"
      aria-label={label}
      aria-describedby={describedBy}
      tabIndex={0}
      style={{ '--aspect': width / height } as CSSProperties}
      onKeyDown={onKeyDown}
    >
      <div
        className="viewer-scene"
        // Shares of its own size, as in `View`.
        style={
          { '--zoom': zoom, transform: `translate(${x * 100}%, ${y * 100}%) scale(${zoom})` } as CSSProperties
        }
      >
        {children}
      </div>
      {synthetic && (
        <span className="viewer-mark" aria-hidden="true">
          SYNTHETIC
        </span>
      )}
      {doubtful && (
        <span className="viewer-doubt" aria-hidden="true">
          Do not rely on this map
        </span>
      )}
    </div>
  );
}
