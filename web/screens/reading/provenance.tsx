import type { Analysis } from '../../../shared/api/analysis.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { bytesInWords, countInWords, millisecondsInWords } from '../../ui/words.ts';

function modelFacts(model: Analysis['provenance']['models'][number]): Fact[] {
  const { name, version, sha256, runtime, referenceCheck, rejectedRuntimes } = model;
  const { cases, values, maxError } = referenceCheck;
  const threads = countInWords(runtime.threads, 'thread', 'threads');
  return [
    ['Model', `${name} ${version}`],
    ['Its weights (SHA-256)', <code key="hash">{sha256}</code>],
    ['Computed by', `${runtime.name} ${runtime.version}, ${runtime.backend}, ${threads}`],
    [
      'Reference check',
      `this device passed the model’s check: ${values} values of ${cases} cases, largest error ${maxError.toExponential(1)}`,
    ],
    ...rejectedRuntimes.map((reason): Fact => ['Turned down', reason]),
  ];
}

function factsOf({ image, provenance }: Analysis): Fact[] {
  const { program, analysedAt, models, timesMs } = provenance;
  const { total, ...steps } = timesMs;
  const size = image.width === undefined ? '' : `${image.width} × ${image.height} pixels, `;
  const times = Object.entries(steps).map(([step, ms]) => `${step} ${millisecondsInWords(ms)}`);
  return [
    ...models.flatMap(modelFacts),
    ['Picture', `${size}${image.format ?? 'unknown format'}, ${bytesInWords(image.bytes)}`],
    ...(image.sha256 === undefined
      ? []
      : [['Its file (SHA-256)', <code key="hash">{image.sha256}</code>] satisfies Fact]),
    ['Read', `${new Date(analysedAt).toLocaleString()} by ${program.name} ${program.version}`],
    ['Time', `${millisecondsInWords(total)}: ${times.join(', ')}`],
  ];
}

/** Where every number comes from; closed at first. */
export function Provenance({ analysis }: { readonly analysis: Analysis }) {
  return (
    <details className="provenance">
      <summary>Where this comes from: models, hashes, runtime, times</summary>
      <Facts facts={factsOf(analysis)} />
    </details>
  );
}
