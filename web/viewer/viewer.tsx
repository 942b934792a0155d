import { type Dispatch, type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react';
import type { Analysis } from '../../shared/api/analysis.ts';
import type { ValueRange } from '../../shared/imaging/pixel-values.ts';
import { heatNote } from '../../shared/inference/explanation-words.ts';
import type { OpenPicture } from '../engine/picture-client.ts';
import { FrameStepper } from './frame-stepper.tsx';
import { type DrawnHeat, HeatLayer } from './heat-layer.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { LookControls } from './look-controls.tsx';
import { LungOutline } from './lung-outline.tsx';
import { rangeAround, regionOfOutline } from './lung-range.ts';
import { liveMeasurement, measuredNow } from './measurements/measured-now.ts';
import { MeasureLayer } from './measurements/measure-layer.tsx';
import { MeasureList } from './measurements/measure-list.tsx';
import { useMeasuredValues } from './measurements/use-measured-values.ts';
import { OverlayControls } from './overlay-controls.tsx';
import { PictureCanvas } from './picture-canvas.tsx';
import { changesInWords, pictureInWords, placeInWords } from './picture-words.ts';
import { StageWords } from './stage-words.tsx';
import { Stage } from './stage.tsx';
import { ToolBar } from './tool-bar.tsx';
import { useShownFrame } from './use-shown-frame.ts';
import { useSpoken } from './use-spoken.ts';
import type { ViewerAction, ViewerState } from './viewer-state.ts';

export interface ViewerProps {
  readonly picture: OpenPicture;
  /** What the picture is, for those who do not see it: "The chest X-ray". */
  readonly label: string;
  readonly synthetic: boolean;
  /** What was found in it, in words. */
  readonly found?: string | undefined;
  readonly lungs?: Analysis['lungs'] | undefined;
  /** What the model used. `none`: there cannot be any; undefined: it is on its way. */
  readonly heat: DrawnHeat | 'none' | undefined;
  /** What there is to say of the heat map, and to choose. */
  readonly children?: ReactNode;
  /**
   * The picture cannot be shown any more, most likely because its worker died; once for each picture. Opened again and
   * handed over, it appears with the zoom, brightness and contrast that it had.
   */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Beside another picture: what takes room and is seldom needed is folded away. */
  readonly folded?: boolean;
  readonly state: ViewerState;
  readonly dispatch: Dispatch<ViewerAction>;
}

/** A picture with its overlays and everything to look at it closely. What it is at stays with whoever holds the state. */
export function Viewer(props: ViewerProps) {
  const {
    picture,
    label,
    synthetic,
    found = '',
    heat,
    children,
    onFailure,
    folded = false,
    state,
    dispatch,
  } = props;
  const hintId = useId();
  const keys = useRef<HTMLDetailsElement>(null);
  const { info, failed } = useShownFrame(picture, state.wantedFrame, dispatch);
  const { width, height, frames, spacing } = info;
  const [drawnPicture, setDrawnPicture] = useState<OpenPicture>();
  const isDrawn = drawnPicture === picture;
  // Only the first frame has been read: on another one they would point at nothing.
  const isRead = state.shownFrame === 0;
  const lungs = isRead ? props.lungs : undefined;
  const drawnHeat = isRead && heat !== 'none' && state.heatShown ? heat : undefined;
  const measured = useMeasured(picture, state, spacing);
  const lungRange = useLungRange(picture, lungs);
  const shown = {
    lungs: lungs !== undefined && state.lungsShown,
    heat: drawnHeat !== undefined && state.heatOpacity > 0,
  };
  const openKeys = (): void => {
    keys.current!.open = true;
    keys.current!.querySelector('summary')?.focus();
  };
  return (
    <figure className="viewer">
      <ToolBar
        tool={state.tool}
        inverted={state.look.inverted}
        zoom={Math.round(state.view.zoom * 100)}
        dispatch={dispatch}
      />
      <Stage
        label={`${label}, to be moved, zoomed and measured`}
        describedBy={hintId}
        state={state}
        dispatch={dispatch}
        frames={frames}
        onHelp={openKeys}
        over={
          <>
            <MeasureLayer
              drawn={measured.drawn}
              crosshair={state.measuring.byKeys ? state.measuring.cursor : undefined}
              projection={state}
              stage={state.stage}
            />
            <StageWords
              synthetic={synthetic}
              doubtful={shown.heat && drawnHeat?.doubtful === true}
              place={placeInWords(state, frames)}
              changes={changesInWords(state)}
              readout={measured.readout}
            />
            {/* A black stage under a map could be taken for the picture. */}
            {!isDrawn && <p className="viewer-wait">Drawing the picture…</p>}
          </>
        }
      >
        <PictureCanvas
          picture={picture}
          look={state.look}
          facts={info}
          label={pictureInWords({ label, synthetic, info, state, ...shown, found })}
          onDrawn={setDrawnPicture}
          onFailure={onFailure}
        />
        {isDrawn && drawnHeat !== undefined && (
          <HeatLayer {...drawnHeat} width={width} height={height} opacity={state.heatOpacity} />
        )}
        {isDrawn && lungs !== undefined && state.lungsShown && (
          <LungOutline lungs={lungs} width={width} height={height} />
        )}
      </Stage>
      {frames > 1 && (
        <FrameStepper
          frames={frames}
          wanted={state.wantedFrame}
          shown={state.shownFrame}
          failed={failed}
          dispatch={dispatch}
        />
      )}
      {heat !== 'none' && <figcaption className="viewer-note">{heatNote}</figcaption>}
      <p id={hintId} className="hidden-text">
        Arrow keys move the picture, plus and minus zoom, Shift with the arrow keys changes brightness and
        contrast. D, A, E and P measure. A question mark opens the list of all keys.
      </p>
      <p className="hidden-text" role="status">
        {measured.spoken}
      </p>
      <MeasureList listed={measured.listed} spacing={spacing} frames={frames} dispatch={dispatch} />
      <Folding folded={folded}>
        <div className="viewer-controls">
          <LookControls look={state.look} facts={info} lungRange={lungRange} dispatch={dispatch} />
          <OverlayControls
            lungsShown={state.lungsShown}
            heatShown={state.heatShown}
            heatOpacity={state.heatOpacity}
            dispatch={dispatch}
            hasLungs={lungs !== undefined}
            hasHeat={isRead && heat !== 'none'}
          />
        </div>
      </Folding>
      {children}
      <KeyboardHelp ref={keys} lungs={props.lungs !== undefined} heat={heat !== 'none'} list={!folded} />
    </figure>
  );
}

function Folding({ folded, children }: { readonly folded: boolean; readonly children: ReactNode }) {
  if (!folded) return children;
  return (
    <details className="viewer-folded">
      <summary>Brightness, grey scale, overlays</summary>
      {children}
    </details>
  );
}

function useMeasured(picture: OpenPicture, state: ViewerState, spacing: ViewerFacts['spacing']) {
  const live = liveMeasurement(state);
  const { items } = state.measuring;
  const valuesOf = useMeasuredValues(
    picture,
    state.shownFrame,
    live === undefined ? items : [...items, live],
  );
  const measured = measuredNow(state, spacing, valuesOf);
  return { ...measured, spoken: useSpoken(measured.said) };
}

type ViewerFacts = OpenPicture['info'];

function useLungRange(
  picture: OpenPicture,
  lungs: Analysis['lungs'] | undefined,
): (() => Promise<ValueRange | undefined>) | undefined {
  const region = useMemo(() => lungs && regionOfOutline(lungs.outline), [lungs]);
  // A worker that has died is opened again by the canvas; until then there is nothing to go by.
  const find = useCallback(async () => {
    const values = region && (await picture.measure(region, 0).catch(() => undefined));
    return values && rangeAround(values);
  }, [picture, region]);
  return region === undefined ? undefined : find;
}
