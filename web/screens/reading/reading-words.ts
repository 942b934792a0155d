import type { Outcome, Reading, ReadingState } from '../../data/reading.ts';
import type { FindingSummary } from '../../engine/engine-state.ts';
import type { IconName } from '../../ui/icon.tsx';
import { numberInWords, sideInWords } from '../../ui/words.ts';

export function isFinished(state: ReadingState): boolean {
  return state !== 'waiting' && state !== 'reading';
}

export function summaryInWords({ name, probability, shownAs, positive }: FindingSummary): string {
  const number = numberInWords({ probability, shownAs })[0];
  const kind = shownAs === 'score' ? ', not a probability' : '';
  return `${name}: ${number}${kind} · ${positive ? 'at or above' : 'below'} the operating point`;
}

/** What the list says of a reading. */
export function stateInWords({ state, synthetic, findings, problem }: Reading): string {
  switch (state) {
    case 'waiting':
      return 'Waiting';
    case 'reading':
      return 'Reading…';
    case 'read':
      return `${synthetic ? 'Synthetic. ' : ''}${findings.map(summaryInWords).join('; ')}`;
    case 'refused':
      return `Not read: ${problem ?? 'the picture was refused.'}`;
    case 'failed':
      return `Failed: ${problem ?? 'something went wrong.'}`;
  }
}

export function iconOf({ state, findings }: Reading): IconName {
  if (state !== 'read') return state;
  return findings.some(({ positive }) => positive) ? 'positive' : 'negative';
}

/** What is said aloud when a result arrives: the result itself, in one breath. */
export function announcement({ analysis, problem }: Outcome): string {
  if (analysis === undefined) return problem.title;
  if (analysis.intake.status === 'refused') {
    return analysis.intake.reasons[0]?.message ?? 'This picture was not read.';
  }
  const synthetic = analysis.image.synthetic ? 'Synthetic picture. ' : '';
  const findings = analysis.findings.map(
    (finding) => `${finding.name}: ${numberInWords(finding).join(' ')}. ${sideInWords(finding)}.`,
  );
  return `${synthetic}${findings.join(' ')}`;
}
