import type { Dispatch } from 'react';
import { Slider } from './slider.tsx';
import type { ViewerAction, ViewerState } from './viewer-state.ts';

export interface OverlayControlsProps {
  readonly state: Pick<ViewerState, 'lungsShown' | 'heatShown' | 'heatOpacity'>;
  readonly dispatch: Dispatch<ViewerAction>;
  readonly hasLungs: boolean;
  readonly hasHeat: boolean;
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
export function OverlayControls({ state, dispatch, hasLungs, hasHeat }: OverlayControlsProps) {
  if (!hasLungs && !hasHeat) return undefined;
  return (
    <div className="viewer-overlays" role="group" aria-label="Overlays">
      {hasLungs && (
        <CheckBox
          label="Lung outline"
          checked={state.lungsShown}
          onChange={() => dispatch({ type: 'toggle-lungs' })}
        />
      )}
      {hasHeat && (
        <CheckBox
          label="Heat map"
          checked={state.heatShown}
          onChange={() => dispatch({ type: 'toggle-heat' })}
        />
      )}
      {hasHeat && (
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
