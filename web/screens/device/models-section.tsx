import type { ModelReady } from '../../engine/engine-state.ts';
import { Facts } from '../../ui/facts.tsx';
import { bytesInWords } from '../../ui/words.ts';
import { wayInWords } from './way-in-words.ts';

export function ModelsSection({ models }: { readonly models: readonly ModelReady[] }) {
  return (
    <section className="card" aria-labelledby="models-title">
      <h2 id="models-title">Models</h2>
      {models.map(({ name, version, bytes, sha256, runtime, check }) => (
        <div key={name} className="model">
          <h3>
            {name} {version}
          </h3>
          <Facts
            facts={[
              ['Size', bytesInWords(bytes)],
              ['Its weights (SHA-256)', <code key="hash">{sha256}</code>],
              ['Computed by', `${runtime.name} ${runtime.version}, ${wayInWords(runtime)}`],
              [
                'Reference check',
                `this device passed it: ${check.values} values of ${check.cases} cases, largest error ${check.maxError.toExponential(1)}`,
              ],
            ]}
          />
        </div>
      ))}
    </section>
  );
}
