export interface SliderProps {
  readonly label: string;
  readonly min: number;
  readonly value: number;
  readonly inWords: string;
  readonly onChange: (value: number) => void;
}

/** Up to 100. */
export function Slider({ label, min, value, inWords, onChange }: SliderProps) {
  return (
    <label className="viewer-slider">
      <span>{label}</span>
      <input
        type="range"
        min={min}
        max={100}
        value={Math.round(value)}
        aria-valuetext={inWords}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </label>
  );
}
