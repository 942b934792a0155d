import { type ReactNode, useId, useReducer } from 'react';
import type { Analysis } from '../../shared/api/analysis.ts';
import { heatNote } from '../../shared/inference/explanation-words.ts';
import type { OpenPicture } from '../engine/picture-client.ts';
import { type DrawnHeat, HeatLayer } from './heat-layer.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { LungOutline } from './lung-outline.tsx';
import { OverlayControls } from './overlay-controls.tsx';
import { PictureCanvas } from './picture-canvas.tsx';
import { Stage } from './stage.tsx';
import { LookControls, ToolChoice, ZoomControls } from './view-controls.tsx';
import { nextState, startState } from './viewer-state.ts';

export interface ViewportProps {
  readonly picture: OpenPicture;
  /** What the picture is, for those who do not see it: "The chest X-ray". */
  readonly label: string;
  readonly synthetic: boolean;
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
}

/** A picture with its overlays and everything to look at it closely. Give it a `key` for each reading. */
export function Viewport({ picture, label, synthetic, lungs, heat, children, onFailure }: ViewportProps) {
  const [state, dispatch] = useReducer(nextState, startState);
  const hintId = useId();
  const { width, height } = picture;
  const drawn = heat !== 'none' && state.heatShown ? heat : undefined;
  const description = `${synthetic ? 'Synthetic picture: ' : ''}${label}, ${width} × ${height} pixels`;
  return (
    <figure className="viewer">
      <Stage
        width={width}
        height={height}
        label={`${label}, to be moved and zoomed`}
        describedBy={hintId}
        synthetic={synthetic}
        doubtful={drawn?.doubtful === true && state.heatOpacity > 0}
        state={state}
        dispatch={dispatch}
      >
        <PictureCanvas picture={picture} look={state.look} label={description} onFailure={onFailure} />
        {drawn !== undefined && (
          <HeatLayer {...drawn} width={width} height={height} opacity={state.heatOpacity} />
        )}
        {lungs !== undefined && state.lungsShown && (
          <LungOutline lungs={lungs} width={width} height={height} />
        )}
      </Stage>
      {heat !== 'none' && <figcaption className="viewer-note">{heatNote}</figcaption>}
      <p id={hintId} className="hidden-text">
        Arrow keys move the picture, plus and minus zoom, Shift with the arrow keys changes brightness and
        contrast. All keys are listed under Keyboard.
      </p>
      <div className="viewer-controls">
        <div className="viewer-tool-bar">
          <ToolChoice state={state} dispatch={dispatch} />
          <ZoomControls state={state} dispatch={dispatch} />
        </div>
        <LookControls state={state} dispatch={dispatch} />
        <OverlayControls
          state={state}
          dispatch={dispatch}
          hasLungs={lungs !== undefined}
          hasHeat={heat !== 'none'}
        />
      </div>
      {children}
      <KeyboardHelp />
    </figure>
  );
}
