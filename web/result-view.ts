import type { Analysis } from '../shared/api/analysis.ts';
import type { GrayImage } from '../shared/imaging/gray-image.ts';
import { element } from './element.ts';
import { findingView } from './finding-view.ts';
import { failureNotice, refusal, syntheticLabel, warnings } from './notices.ts';
import { pictureView } from './picture-view.ts';
import type { Prediction } from './predict.ts';
import { provenanceView } from './provenance-view.ts';
import { numberInWords, sideInWords } from './words.ts';

/** What is said aloud when the result arrives: the result itself, in one breath. */
export function announcement(prediction: Prediction): string {
  if (prediction.kind === 'failed') return prediction.failure.title;
  const { analysis } = prediction;
  if (prediction.kind === 'refused')
    return analysis.intake.reasons[0]?.message ?? 'This picture was not read.';
  const synthetic = analysis.image.synthetic ? 'Synthetic picture. ' : '';
  const findings = analysis.findings.map(
    (finding) => `${finding.name}: ${numberInWords(finding).join(' ')}. ${sideInWords(finding)}.`,
  );
  return `${synthetic}${findings.join(' ')}`;
}

function readingParts(analysis: Analysis): (HTMLElement | undefined)[] {
  return [
    warnings(analysis),
    ...analysis.findings.map(findingView),
    element('p', { class: 'disclaimer' }, analysis.disclaimer),
  ];
}

export function resultView(
  fileName: string,
  prediction: Prediction,
  picture: GrayImage | undefined,
): HTMLElement {
  const heading = element('h2', {}, fileName);
  if (prediction.kind === 'failed') return element('div', {}, heading, failureNotice(prediction.failure));
  const { analysis } = prediction;
  const parts =
    prediction.kind === 'read' ? readingParts(analysis) : [refusal(analysis, prediction.reference)];
  return element(
    'div',
    {},
    heading,
    analysis.image.synthetic ? syntheticLabel() : undefined,
    element(
      'div',
      { class: picture === undefined ? 'columns single' : 'columns' },
      picture === undefined ? undefined : pictureView(picture, analysis),
      element('div', { class: 'reading' }, ...parts),
    ),
    provenanceView(analysis),
  );
}
