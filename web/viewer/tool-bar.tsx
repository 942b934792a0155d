import { type Dispatch, memo, useId } from 'react';
import type { OrientationChange } from './orientation.ts';
import { ToolIcon } from './tool-icon.tsx';
import { zoomIn, zoomOut } from './viewer-keys.ts';
import type { Tool, ViewerAction } from './viewer-state.ts';

interface ToolBarProps {
  readonly tool: Tool;
  readonly inverted: boolean;
  /** In percent of what fits. */
  readonly zoom: number;
  readonly dispatch: Dispatch<ViewerAction>;
}

/** In the order of the screen; `key` is that of `viewer-keys.ts`. */
const tools: readonly { readonly tool: Tool; readonly name: string; readonly key: string }[] = [
  { tool: 'move', name: 'Move', key: 'M' },
  { tool: 'look', name: 'Brightness', key: 'B' },
  { tool: 'ruler', name: 'Ruler', key: 'D' },
  { tool: 'angle', name: 'Angle', key: 'A' },
  { tool: 'rectangle', name: 'Rectangle', key: 'E' },
  { tool: 'probe', name: 'Probe', key: 'P' },
];

const changes: readonly {
  readonly change: OrientationChange;
  readonly name: string;
  readonly key: string;
}[] = [
  { change: 'anticlockwise', name: 'Turn left', key: 'Shift+T' },
  { change: 'clockwise', name: 'Turn right', key: 'T' },
  { change: 'across', name: 'Flip left and right', key: 'F' },
  { change: 'over', name: 'Flip top and bottom', key: 'Shift+F' },
];

/** Above the picture. What it shows changes seldom; the picture moves sixty times a second. */
export const ToolBar = memo(function ToolBar({ tool, inverted, zoom, dispatch }: ToolBarProps) {
  return (
    <div className="tool-bar">
      <ToolChoice tool={tool} dispatch={dispatch} />
      <div className="tool-group" role="group" aria-label="Turn and flip">
        {changes.map(({ change, name, key }) => (
          <button
            key={change}
            type="button"
            className="viewer-button"
            aria-label={name}
            title={`${name} (${key})`}
            onClick={() => dispatch({ type: 'reorient', change })}
          >
            <ToolIcon name={change} />
          </button>
        ))}
        <button
          type="button"
          className="viewer-button"
          aria-label="Invert black and white"
          aria-pressed={inverted}
          title="Invert black and white (I)"
          onClick={() => dispatch({ type: 'invert' })}
        >
          <ToolIcon name="invert" />
        </button>
      </div>
      <ZoomControls zoom={zoom} dispatch={dispatch} />
    </div>
  );
});

function ToolChoice({ tool: chosen, dispatch }: Pick<ToolBarProps, 'tool' | 'dispatch'>) {
  const group = useId();
  return (
    <fieldset className="viewer-tools tool-group">
      <legend className="hidden-text">Dragging on the picture</legend>
      {tools.map(({ tool, name, key }) => (
        <label key={tool} className="viewer-button tool-choice" title={`${name} (${key})`}>
          <input
            className="hidden-text"
            type="radio"
            name={group}
            checked={chosen === tool}
            onChange={() => dispatch({ type: 'choose-tool', tool })}
          />
          <ToolIcon name={tool} />
          <span className="tool-name">{name}</span>
        </label>
      ))}
    </fieldset>
  );
}

function ZoomControls({ zoom, dispatch }: Pick<ToolBarProps, 'zoom' | 'dispatch'>) {
  return (
    <div className="viewer-zoom tool-group" role="group" aria-label="Zoom">
      <button className="viewer-button" type="button" aria-label="Zoom out" onClick={() => dispatch(zoomOut)}>
        −
      </button>
      <output className="viewer-zoom-value">{zoom} %</output>
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
