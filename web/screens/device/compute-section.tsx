import { useState } from 'react';
import { useEngineState, useServices } from '../../app/services-context.tsx';
import type { RuntimeChoice } from '../../engine/engine-state.ts';
import { millisecondsInWords } from '../../ui/words.ts';
import { PreferenceChoice } from './preference-choice.tsx';
import { wayInWords } from './way-in-words.ts';

/** What computes here, and why. */
export function ComputeSection() {
  const { engine } = useServices();
  const state = useEngineState();
  const [testing, setTesting] = useState(false);
  const isReady = state.phase === 'ready';
  const testAgain = async (): Promise<void> => {
    setTesting(true);
    try {
      await engine.testAgain();
    } finally {
      setTesting(false);
    }
  };
  return (
    <section className="card" aria-labelledby="compute-title">
      <h2 id="compute-title">What computes here</h2>
      {isReady && state.models.map(({ name, choice }) => <Choice key={name} name={name} choice={choice} />)}
      <p role="status">
        {isReady && state.background !== undefined && `In the background: ${state.background}`}
      </p>
      <PreferenceChoice />
      <button
        type="button"
        className="button"
        disabled={testing || !isReady}
        onClick={() => void testAgain()}
      >
        {testing ? 'Testing…' : 'Test this device again'}
      </button>
      <p className="hint">
        Each way has to repeat the reference values of the models before it may read a picture.
      </p>
    </section>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly choice: RuntimeChoice;
}

function Choice({ name, choice }: ChoiceProps) {
  return (
    <div className="model">
      <h3>
        {name}: {wayInWords(choice)}
      </h3>
      <p>{choice.reason}</p>
      {choice.trials.length > 0 && (
        <div
          className="table-scroll"
          role="group"
          aria-label={`Ways that were tried for ${name}`}
          tabIndex={0}
        >
          <table>
            <thead>
              <tr>
                <th scope="col">Way</th>
                <th scope="col">Reference check</th>
                <th scope="col">One run</th>
              </tr>
            </thead>
            <tbody>
              {choice.trials.map(({ backend, threads, runMs, rejected }) => (
                <tr key={`${backend} ${threads}`}>
                  <th scope="row">{wayInWords({ backend, threads })}</th>
                  <td>{rejected === undefined ? 'passed' : `turned down: ${rejected}`}</td>
                  <td className="figure">{runMs === undefined ? '–' : millisecondsInWords(runMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
