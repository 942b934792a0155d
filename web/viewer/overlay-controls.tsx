import { type Dispatch, memo } from 'react';
import { Slider } from './slider.tsx';
import type { ViewerAction } from './viewer-state.ts';

export interface OverlayControlsProps {
  readonly lungsShown: boolean;
  readonly heatShown: boolean;
  /** 0 … 100 */
  readonly heatOpacity: number;
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
export const OverlayControls = memo(function OverlayControls(props: OverlayControlsProps) {
  const { lungsShown, heatShown, heatOpacity, dispatch, hasLungs, hasHeat } = props;
  if (!hasLungs && !hasHeat) return undefined;
  return (
    <div className="viewer-overlays" role="group" aria-label="Overlays">
      {hasLungs && (
        <CheckBox
          label="Lung outline"
          checked={lungsShown}
          onChange={() => dispatch({ type: 'toggle-lungs' })}
        />
      )}
      {hasHeat && (
        <CheckBox label="Heat map" checked={heatShown} onChange={() => dispatch({ type: 'toggle-heat' })} />
      )}
      {hasHeat && (
        <Slider
          label="Heat map opacity"
          min={0}
          value={heatOpacity}
          inWords={`${heatOpacity} %`}
          onChange={(opacity) => dispatch({ type: 'set-opacity', opacity })}
        />
      )}
    </div>
  );
});
