import type { AnalysisFinding } from '../../shared/api/analysis.ts';
import { Slider } from './slider.tsx';
import type { ControlsProps } from './view-controls.tsx';

export interface OverlayControlsProps extends ControlsProps {
  readonly hasLungs: boolean;
  readonly findings: readonly AnalysisFinding[];
  readonly shown: AnalysisFinding | undefined;
}

interface CheckBoxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: () => void;
}

function CheckBox({ label, checked, onChange }: CheckBoxProps) {
  return (
    <label className="viewer-check">
      <input type="checkbox" checked={checked} onChange={onChange} />
      {label}
    </label>
  );
}

/** Switches for what there is to switch; nothing where there is no overlay. */
export function OverlayControls({ state, dispatch, hasLungs, findings, shown }: OverlayControlsProps) {
  if (!hasLungs && shown === undefined) return undefined;
  return (
    <div className="viewer-overlays" role="group" aria-label="Overlays">
      {hasLungs && (
        <CheckBox
          label="Lung outline"
          checked={state.lungsShown}
          onChange={() => dispatch({ type: 'toggle-lungs' })}
        />
      )}
      {shown !== undefined && (
        <CheckBox
          label="Heat map"
          checked={state.heatShown}
          onChange={() => dispatch({ type: 'toggle-heat' })}
        />
      )}
      {shown !== undefined && findings.length > 1 && (
        <label className="viewer-choice">
          <span>Heat map for</span>
          <select
            value={shown.code}
            onChange={(event) => dispatch({ type: 'choose-map', code: event.target.value })}
          >
            {findings.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {shown !== undefined && (
        <Slider
          label="Heat map opacity"
          min={0}
          value={state.heatOpacity}
          inWords={`${state.heatOpacity} %`}
          onChange={(opacity) => dispatch({ type: 'set-opacity', opacity })}
        />
      )}
    </div>
  );
}
