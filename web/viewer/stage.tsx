import {
  type CSSProperties,
  type Dispatch,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
} from 'react';
import { isMeasuring } from './measurements/measure-actions.ts';
import { type Orientation, shownSize } from './orientation.ts';
import { stageTarget } from './stage-target.ts';
import type { View } from './view-transform.ts';
import { actionOfKey } from './viewer-keys.ts';
import type { ViewerAction, ViewerState } from './viewer-state.ts';
import { watchGestures } from './watch-gestures.ts';

export interface StageProps {
  readonly label: string;
  readonly describedBy: string;
  readonly state: ViewerState;
  readonly dispatch: Dispatch<ViewerAction>;
  /** Pictures in the file. */
  readonly frames: number;
  readonly onHelp: () => void;
  /** Words and lines that stand over the picture and do not move with it. */
  readonly over: ReactNode;
  /** Picture and overlays: they are moved together, and nothing is painted anew. */
  readonly children: ReactNode;
}

export function Stage({ label, describedBy, state, dispatch, frames, onHelp, over, children }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const { size, orientation, view, tool } = state;
  const { width, height } = shownSize(size, orientation);

  const shown = useRef({ width, height });
  useLayoutEffect(() => {
    shown.current = { width, height };
  }, [width, height]);

  // Not anew when the picture is turned: a button may be down, and who watches must see it come up.
  useEffect(() => {
    const element = stage.current!;
    const watching = new AbortController();
    watchGestures(
      element,
      stageTarget(element, () => shown.current, dispatch),
      watching.signal,
    );
    return () => watching.abort();
  }, [dispatch]);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width: across, height: down } = entry!.contentRect;
      dispatch({ type: 'stage', stage: { width: across, height: down, pixelRatio: devicePixelRatio } });
    });
    observer.observe(stage.current!);
    return () => observer.disconnect();
  }, [dispatch]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === '?' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      onHelp();
      return;
    }
    const context = {
      measuring: isMeasuring(state),
      selected: state.measuring.selected !== undefined,
      frames,
      frame: state.wantedFrame,
    };
    const action = actionOfKey(event, context);
    if (action === undefined) return;
    event.preventDefault();
    dispatch(action);
  };

  return (
    <div
      ref={stage}
      className="viewer-stage"
      data-tool={tool}
      // The arrow keys belong to the picture, also where a screen reader would take them.
      role="application"
      aria-label={label}
      aria-describedby={describedBy}
      tabIndex={0}
      style={{ '--aspect': width / height } as CSSProperties}
      onKeyDown={onKeyDown}
    >
      <div className="viewer-scene" style={sceneStyle(view)}>
        <div className="viewer-turned" style={turnedStyle(orientation, width / height)}>
          {children}
        </div>
      </div>
      {over}
    </div>
  );
}

/** Shares of its own size, as in `View`. */
function sceneStyle({ zoom, x, y }: View): CSSProperties {
  return {
    '--zoom': zoom,
    transform: `translate(${x * 100}%, ${y * 100}%) scale(${zoom})`,
  } as CSSProperties;
}

/** As large as the picture that is not turned, about the same middle. @param aspect of the turned picture */
function turnedStyle({ quarterTurns, mirrored }: Orientation, aspect: number): CSSProperties {
  const lies = quarterTurns % 2 === 1;
  return {
    width: lies ? `${100 / aspect}%` : '100%',
    height: lies ? `${100 * aspect}%` : '100%',
    transform: `translate(-50%, -50%) rotate(${quarterTurns * 90}deg) scaleX(${mirrored ? -1 : 1})`,
  };
}
