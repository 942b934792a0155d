import { type Dispatch, useId } from 'react';
import { Slider } from './slider.tsx';
import { zoomIn, zoomOut } from './viewer-keys.ts';
import type { DragTool, ViewerAction, ViewerState } from './viewer-state.ts';

export interface ControlsProps {
  readonly state: ViewerState;
  readonly dispatch: Dispatch<ViewerAction>;
}

const tools: readonly { readonly tool: DragTool; readonly name: string }[] = [
  { tool: 'move', name: 'Move' },
  { tool: 'look', name: 'Brightness' },
];

function inWords(value: number, more: string, less: string): string {
  const rounded = Math.round(value);
  if (rounded === 0) return 'as in the file';
  return rounded > 0 ? `${rounded} ${more}` : `${-rounded} ${less}`;
}

export function ToolChoice({ state, dispatch }: ControlsProps) {
  const group = useId();
  return (
    <fieldset className="viewer-tools">
      <legend className="hidden-text">Dragging on the picture</legend>
      {tools.map(({ tool, name }) => (
        <label key={tool} className="viewer-button">
          <input
            className="hidden-text"
            type="radio"
            name={group}
            checked={state.tool === tool}
            onChange={() => dispatch({ type: 'choose-tool', tool })}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

export function ZoomControls({ state, dispatch }: ControlsProps) {
  return (
    <div className="viewer-zoom" role="group" aria-label="Zoom">
      <button className="viewer-button" type="button" aria-label="Zoom out" onClick={() => dispatch(zoomOut)}>
        −
      </button>
      <output className="viewer-zoom-value">{Math.round(state.view.zoom * 100)} %</output>
      <button className="viewer-button" type="button" aria-label="Zoom in" onClick={() => dispatch(zoomIn)}>
        +
      </button>
      <button className="viewer-button" type="button" onClick={() => dispatch({ type: 'fit' })}>
        Fit
      </button>
      <button className="viewer-button" type="button" onClick={() => dispatch({ type: 'one-to-one' })}>
        1:1
      </button>
      <button className="viewer-button" type="button" onClick={() => dispatch({ type: 'reset' })}>
        Reset
      </button>
    </div>
  );
}

export function LookControls({ state: { look }, dispatch }: ControlsProps) {
  return (
    <div className="viewer-look" role="group" aria-label="Brightness and contrast">
      <Slider
        label="Brightness"
        min={-100}
        value={look.brightness}
        inWords={inWords(look.brightness, 'brighter', 'darker')}
        onChange={(brightness) => dispatch({ type: 'set-look', look: { brightness } })}
      />
      <Slider
        label="Contrast"
        min={-100}
        value={look.contrast}
        inWords={inWords(look.contrast, 'more', 'less')}
        onChange={(contrast) => dispatch({ type: 'set-look', look: { contrast } })}
      />
    </div>
  );
}
