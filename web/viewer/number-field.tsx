import { type KeyboardEvent, useState } from 'react';

interface NumberFieldProps {
  readonly label: string;
  /** Undefined: there is none, and one may be typed. */
  readonly value: number | undefined;
  readonly onTyped: (value: number) => void;
}

function shown(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 100) / 100);
}

/** Follows its value, and takes what is typed when that is done: on Enter, or when it is left. */
export function NumberField({ label, value, onTyped }: NumberFieldProps) {
  const [typed, setTyped] = useState<string>();
  const finish = (): void => {
    const number = typed === undefined || typed.trim() === '' ? Number.NaN : Number(typed.replace(',', '.'));
    if (Number.isFinite(number)) onTyped(number);
    setTyped(undefined);
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'Enter') finish();
    if (key === 'Escape') setTyped(undefined);
  };
  return (
    <label className="number-field">
      <span>{label}</span>
      <input
        type="text"
        inputMode="decimal"
        value={typed ?? shown(value)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={finish}
        onKeyDown={onKeyDown}
      />
    </label>
  );
}
