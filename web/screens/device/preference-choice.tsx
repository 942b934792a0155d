import { useState } from 'react';
import { useEngineState, useServices } from '../../app/services-context.tsx';
import type { Preference } from '../../engine/engine-state.ts';

const ways: readonly { readonly value: Preference; readonly name: string; readonly meaning: string }[] = [
  {
    value: 'automatic',
    name: 'Automatic',
    meaning:
      'Everything that computes right is timed. Threads and the graphics processor are used where they are clearly faster.',
  },
  {
    value: 'webgpu',
    name: 'Graphics processor',
    meaning: 'Used wherever it computes right, even when it is slower. The processor steps in when it fails.',
  },
  {
    value: 'wasm',
    name: 'Processor',
    meaning:
      'The graphics processor is left alone. Choose this when the screen flickers while pictures are read.',
  },
];

export function PreferenceChoice() {
  const { engine } = useServices();
  // The preference is read together with the state.
  useEngineState();
  const [asked, setAsked] = useState<Preference>();
  const chosen = asked ?? engine.preference();
  const choose = async (preference: Preference): Promise<void> => {
    setAsked(preference);
    try {
      await engine.setPreference(preference);
    } finally {
      setAsked(undefined);
    }
  };
  return (
    <div className="preference">
      <label htmlFor="preference">Compute with</label>
      <select
        id="preference"
        value={chosen}
        aria-describedby="preference-meaning"
        onChange={(event) => void choose(event.target.value as Preference)}
      >
        {ways.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <p id="preference-meaning" className="hint">
        {ways.find(({ value }) => value === chosen)?.meaning}
      </p>
    </div>
  );
}
