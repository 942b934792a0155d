import { type Dispatch, memo } from 'react';
import type { ValueRange } from '../../shared/imaging/pixel-values.ts';
import { type Look, type WindowFacts, numbersOf, rangeOfNumbers } from './display-window.ts';
import { brightnessInWords, contrastInWords } from './look-words.ts';
import { NumberField } from './number-field.tsx';
import { Slider } from './slider.tsx';
import type { ViewerAction } from './viewer-state.ts';

interface LookControlsProps {
  readonly look: Look;
  readonly facts: WindowFacts;
  /** Finds the values that the lungs have; undefined where no lungs were found. */
  readonly lungRange: (() => Promise<ValueRange | undefined>) | undefined;
  readonly dispatch: Dispatch<ViewerAction>;
}

export const LookControls = memo(function LookControls({
  look,
  facts,
  lungRange,
  dispatch,
}: LookControlsProps) {
  return (
    <>
      <div className="viewer-look" role="group" aria-label="Brightness and contrast">
        <Slider
          label="Brightness"
          min={-100}
          value={look.brightness}
          inWords={brightnessInWords(look)}
          onChange={(brightness) => dispatch({ type: 'set-look', look: { brightness } })}
        />
        <Slider
          label="Contrast"
          min={-100}
          value={look.contrast}
          inWords={contrastInWords(look)}
          onChange={(contrast) => dispatch({ type: 'set-look', look: { contrast } })}
        />
      </div>
      {facts.range !== undefined && (
        <WindowControls look={look} facts={facts} lungRange={lungRange} dispatch={dispatch} />
      )}
    </>
  );
});

/** The grey scale in numbers: what radiographers call window. */
function WindowControls({ look, facts, lungRange, dispatch }: LookControlsProps) {
  const numbers = numbersOf(look, facts);
  const { centre, width } = numbers ?? numbersOf({ ...look, base: 'whole' }, facts)!;
  const type = (typed: Partial<{ centre: number; width: number }>): boolean => {
    const base = rangeOfNumbers({ centre, width, ...typed }, facts);
    if (base !== undefined) dispatch({ type: 'set-base', base });
    return base !== undefined;
  };
  const showLungs = async (): Promise<void> => {
    const base = await lungRange?.();
    if (base !== undefined) dispatch({ type: 'set-base', base });
  };
  return (
    <div className="viewer-window" role="group" aria-label="Grey scale">
      <button
        type="button"
        className="viewer-button"
        aria-pressed={look.base === 'file'}
        onClick={() => dispatch({ type: 'set-base', base: 'file' })}
      >
        As in the file
      </button>
      <button
        type="button"
        className="viewer-button"
        aria-pressed={look.base === 'whole'}
        onClick={() => dispatch({ type: 'set-base', base: 'whole' })}
      >
        Every value
      </button>
      {lungRange !== undefined && (
        <button type="button" className="viewer-button" onClick={() => void showLungs()}>
          Lungs
        </button>
      )}
      <span className="window-numbers">
        <NumberField
          label="Centre"
          value={numbers?.centre}
          onTyped={(typed) => type({ centre: typed })}
          problem="This number cannot be used. Nothing was changed."
        />
        <NumberField
          label="Width"
          value={numbers?.width}
          onTyped={(typed) => type({ width: typed })}
          problem="The width must be 1 or more, or above 0 where the values are fractions. Nothing was changed."
        />
      </span>
      {numbers === undefined && (
        <span className="hint">The file asks for a curve, which has no numbers.</span>
      )}
    </div>
  );
}
