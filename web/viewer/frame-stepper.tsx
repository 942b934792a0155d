import type { Dispatch } from 'react';
import type { ViewerAction } from './viewer-state.ts';

interface FrameStepperProps {
  readonly frames: number;
  /** Counted from 0; the one that is shown is another one until it is there, and where it cannot be shown. */
  readonly wanted: number;
  readonly shown: number;
  readonly failed: boolean;
  readonly dispatch: Dispatch<ViewerAction>;
}

/** For a file that holds several pictures. Only the first has been read, so only that has lungs and a heat map. */
export function FrameStepper({ frames, wanted, shown, failed, dispatch }: FrameStepperProps) {
  const go = (frame: number): void => dispatch({ type: 'to-frame', frame });
  return (
    <div className="frame-stepper" role="group" aria-label="Pictures in this file">
      <button
        type="button"
        className="viewer-button"
        aria-label="Picture before"
        disabled={wanted === 0}
        onClick={() => go(wanted - 1)}
      >
        ‹
      </button>
      <label>
        <span>
          Picture {wanted + 1} of {frames}
          {failed && ': damaged'}
        </span>
        <input
          type="range"
          min={1}
          max={frames}
          value={wanted + 1}
          aria-label="Picture"
          aria-valuetext={`${wanted + 1} of ${frames}${failed ? ', damaged' : ''}`}
          onChange={(event) => go(event.target.valueAsNumber - 1)}
        />
      </label>
      <button
        type="button"
        className="viewer-button"
        aria-label="Picture after"
        disabled={wanted === frames - 1}
        onClick={() => go(wanted + 1)}
      >
        ›
      </button>
      <p className="frame-note" role="status">
        {failed
          ? `Picture ${wanted + 1} is damaged and cannot be shown. You still see picture ${shown + 1}. Choose another one.`
          : 'Only the first picture was read. The result beside it does not count for the others.'}
      </p>
    </div>
  );
}
