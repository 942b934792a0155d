import { useId, useReducer } from 'react';
import type { Analysis } from '../../shared/api/analysis.ts';
import { heatStrength } from '../../shared/inference/heatmap.ts';
import type { OpenPicture } from '../engine/picture-client.ts';
import { HeatLayer } from './heat-layer.tsx';
import { HeatLegend } from './heat-legend.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { LungOutline } from './lung-outline.tsx';
import { OverlayControls } from './overlay-controls.tsx';
import { PictureCanvas } from './picture-canvas.tsx';
import { shownFinding } from './shown-finding.ts';
import { Stage } from './stage.tsx';
import { LookControls, ToolChoice, ZoomControls } from './view-controls.tsx';
import { nextState, startState } from './viewer-state.ts';

export interface ViewportProps {
  readonly picture: OpenPicture;
  /** What the picture is, for those who do not see it: "The chest X-ray". */
  readonly label: string;
  readonly synthetic: boolean;
  readonly analysis?: Analysis | undefined;
  /**
   * The picture cannot be shown any more, most likely because its worker died; once for each picture. Opened again and
   * handed over, it appears with the zoom, brightness and contrast that it had.
   */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** A picture with its overlays and everything to look at it closely. Give it a `key` for each reading. */
export function Viewport({ picture, label, synthetic, analysis, onFailure }: ViewportProps) {
  const [state, dispatch] = useReducer(nextState, startState);
  const hintId = useId();
  const { width, height } = picture;
  const lungs = analysis?.lungs;
  const findings = analysis?.findings ?? [];
  const shown = shownFinding(findings, state.heatOf);
  const description = `${synthetic ? 'Synthetic picture: ' : ''}${label}, ${width} × ${height} pixels`;
  return (
    <figure className="viewer">
      <Stage
        width={width}
        height={height}
        label={`${label}, to be moved and zoomed`}
        describedBy={hintId}
        synthetic={synthetic}
        state={state}
        dispatch={dispatch}
      >
        <PictureCanvas picture={picture} look={state.look} label={description} onFailure={onFailure} />
        {shown?.heatmap !== undefined && state.heatShown && (
          <HeatLayer
            heatmap={shown.heatmap}
            strength={heatStrength(shown)}
            width={width}
            height={height}
            opacity={state.heatOpacity}
          />
        )}
        {lungs !== undefined && state.lungsShown && (
          <LungOutline lungs={lungs} width={width} height={height} />
        )}
      </Stage>
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
          findings={findings}
          shown={shown}
        />
      </div>
      {shown !== undefined && <HeatLegend finding={shown} />}
      <KeyboardHelp />
    </figure>
  );
}
