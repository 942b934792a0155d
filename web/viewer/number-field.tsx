import { type KeyboardEvent, useId, useState } from 'react';
import { typedNumber } from './typed-number.ts';

interface NumberFieldProps {
  readonly label: string;
  /** Undefined: there is none, and one may be typed. */
  readonly value: number | undefined;
  /** @returns false for a number that cannot be used */
  readonly onTyped: (value: number) => boolean;
  /** What is said of a number that cannot be used. */
  readonly problem: string;
}

interface Typed {
  readonly text: string;
  /** The value while it was typed: where that has changed since, it has been overtaken. */
  readonly over: number | undefined;
  readonly problem?: string;
}

function shown(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 100) / 100);
}

/** Follows its value, and takes what is typed when that is done: on Enter, or when it is left. */
export function NumberField({ label, value, onTyped, problem }: NumberFieldProps) {
  const [latest, setTyped] = useState<Typed>();
  const problemId = useId();
  const typed = latest?.over === value ? latest : undefined;
  const finish = (): void => {
    if (typed === undefined) return;
    if (typed.text.trim() === '') return setTyped(undefined);
    const number = typedNumber(typed.text);
    if (number === undefined) setTyped({ ...typed, problem: 'This is not a number. Nothing was changed.' });
    else setTyped(onTyped(number) ? undefined : { ...typed, problem });
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'Enter') finish();
    if (key === 'Escape') setTyped(undefined);
  };
  const isWrong = typed?.problem !== undefined;
  return (
    <div className="number-field">
      <label>
        <span>{label}</span>
        <input
          type="text"
          inputMode="decimal"
          value={typed?.text ?? shown(value)}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? problemId : undefined}
          onChange={(event) => setTyped({ text: event.target.value, over: value })}
          onBlur={finish}
          onKeyDown={onKeyDown}
        />
      </label>
      {isWrong && (
        <p id={problemId} role="alert">
          {typed.problem}
        </p>
      )}
    </div>
  );
}
