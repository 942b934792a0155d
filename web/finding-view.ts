import type { AnalysisFinding } from '../shared/api/analysis.ts';
import { element } from './element.ts';
import { numberInWords, proportionInWords, sideInWords } from './words.ts';

/** Where the probability stands between 0 and 1, with a mark at the operating point. The words beside it say the same. */
function meter({ probability, operatingPoint }: AnalysisFinding): HTMLElement {
  const fill = element('span', { class: 'meter-fill' });
  fill.style.width = `${probability * 100}%`;
  const mark = element('span', { class: 'meter-mark' });
  mark.style.left = `${operatingPoint.threshold * 100}%`;
  return element('span', { class: 'meter', 'aria-hidden': 'true' }, fill, mark);
}

function operatingPointText({ operatingPoint }: AnalysisFinding): HTMLElement {
  const { dataset, sensitivity, specificity } = operatingPoint;
  return element(
    'dl',
    { class: 'facts' },
    element('dt', {}, 'Sensitivity there'),
    element('dd', {}, proportionInWords(sensitivity)),
    element('dt', {}, 'Specificity there'),
    element('dd', {}, proportionInWords(specificity)),
    element('dt', {}, 'Measured on'),
    element('dd', {}, dataset),
  );
}

export function findingView(finding: AnalysisFinding): HTMLElement {
  const { name, plain, positive, advice, shownAs } = finding;
  const [number, caution] = numberInWords(finding);
  return element(
    'article',
    { class: positive ? 'finding positive' : 'finding negative' },
    element('h3', {}, name),
    element(
      'p',
      { class: 'number' },
      number,
      caution === undefined ? undefined : element('small', {}, ` ${caution}`),
    ),
    shownAs === 'probability' ? meter(finding) : undefined,
    element('p', { class: 'side' }, sideInWords(finding)),
    element('p', {}, plain),
    element('p', { class: 'advice' }, advice),
    operatingPointText(finding),
  );
}
