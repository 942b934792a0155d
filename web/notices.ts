import type { Analysis } from '../shared/api/analysis.ts';
import { element } from './element.ts';
import type { Failure } from './predict.ts';

/** Warnings, refusals and failures: a sentence, then the next step. */

export function syntheticLabel(): HTMLElement {
  return element(
    'p',
    { class: 'synthetic' },
    element('strong', {}, 'Synthetic picture'),
    ' Drawn by a program. This is not a patient; its score and its map mean nothing.',
  );
}

type Reason = Analysis['intake']['reasons'][number];

function reasonItem({ message, advice, detail }: Reason): HTMLElement {
  const measured = detail === undefined ? undefined : element('span', { class: 'detail' }, ` (${detail})`);
  return element('li', {}, element('strong', {}, message), ' ', advice, measured);
}

/** The synthetic label has a place of its own and is not repeated among the warnings. */
export function warnings({ intake }: Analysis): HTMLElement | undefined {
  const shown = intake.reasons.filter(({ code }) => code !== 'image.synthetic');
  if (shown.length === 0) return undefined;
  return element('ul', { class: 'notice warning', 'aria-label': 'Warnings' }, ...shown.map(reasonItem));
}

export function refusal({ intake }: Analysis, reference: string): HTMLElement {
  return element(
    'div',
    { class: 'notice refused', role: 'alert' },
    element('h3', {}, 'This picture was not read'),
    element('ul', {}, ...intake.reasons.map(reasonItem)),
    element('p', {}, 'So there is no number for it.'),
    referenceLine(reference),
  );
}

export function failureNotice({ title, advice, detail, reference }: Failure): HTMLElement {
  return element(
    'div',
    { class: 'notice refused', role: 'alert' },
    element('h3', {}, title),
    advice === undefined ? undefined : element('p', {}, advice),
    detail === undefined ? undefined : element('p', { class: 'detail' }, detail),
    reference === undefined ? undefined : referenceLine(reference),
  );
}

function referenceLine(reference: string): HTMLElement {
  return element('p', { class: 'detail' }, 'Reference for support: ', element('code', {}, reference));
}
