import type { Analysis } from '../shared/api/analysis.ts';
import { element } from './element.ts';
import { bytesInWords, millisecondsInWords } from './words.ts';

type Row = readonly [term: string, description: Node | string];

function code(text: string): HTMLElement {
  return element('code', {}, text);
}

function rowsOf({ image, provenance }: Analysis): Row[] {
  const { program, analysedAt, models, timesMs } = provenance;
  const { total, ...steps } = timesMs;
  const size = image.width === undefined ? '' : `${image.width} × ${image.height} pixels, `;
  const times = Object.entries(steps).map(([step, ms]) => `${step} ${millisecondsInWords(ms)}`);
  return [
    ...models.flatMap(({ name, version, sha256, runtime, referenceCheck, rejectedRuntimes }): Row[] => [
      ['Model', `${name} ${version}`],
      ['Its weights (SHA-256)', code(sha256)],
      ['Computed by', `${runtime.name} ${runtime.version}, ${runtime.backend}, ${runtime.threads} thread(s)`],
      [
        'Reference check',
        `passed: ${referenceCheck.values} values of ${referenceCheck.cases} cases, largest error ${referenceCheck.maxError.toExponential(1)}`,
      ],
      ...rejectedRuntimes.map((reason): Row => ['Turned down', reason]),
    ]),
    ['Picture', `${size}${image.format ?? 'unknown format'}, ${bytesInWords(image.bytes)}`],
    ...(image.sha256 === undefined ? [] : [['Its file (SHA-256)', code(image.sha256)] satisfies Row]),
    ['Read', `${new Date(analysedAt).toLocaleString()} by ${program.name} ${program.version}`],
    ['Time', `${millisecondsInWords(total)}: ${times.join(', ')}`],
  ];
}

/** Where every number comes from; closed at first. */
export function provenanceView(analysis: Analysis): HTMLElement {
  const rows = rowsOf(analysis).flatMap(([term, description]) => [
    element('dt', {}, term),
    element('dd', {}, description),
  ]);
  return element(
    'details',
    { class: 'provenance' },
    element('summary', {}, 'Where this comes from: models, hashes, runtime, times'),
    element('dl', { class: 'facts' }, ...rows),
  );
}
