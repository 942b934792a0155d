import { describeReport } from '../../shared/log/verify/describe-report.ts';
import type { VerifyReport } from '../../shared/log/verify/report.ts';

function element(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name);
  // Texts of the export are never markup.
  made.textContent = text;
  made.className = className;
  return made;
}

function list(title: string, items: readonly (string | Node)[]): Node[] {
  if (items.length === 0) return [];
  const lines = document.createElement('ul');
  for (const item of items) {
    const line = document.createElement('li');
    line.append(item);
    lines.append(line);
  }
  return [element('h2', title), lines];
}

export function showReport(report: VerifyReport, into: HTMLElement): void {
  const { headline, facts, firstBad, findings, unlisted, notes, limits } = describeReport(report);
  const wrong = findings.map(({ place, text, code }) => {
    const line = document.createElement('div');
    line.append(element('p', place, 'place'), element('span', `${text} (${code})`));
    return line;
  });
  into.replaceChildren(
    element('p', headline, report.verdict === 'sound' ? 'verdict' : 'verdict bad'),
    ...(firstBad === null ? [] : [element('p', firstBad, 'first-bad')]),
    ...list('What is wrong', unlisted > 0 ? [...wrong, `… and ${unlisted} more`] : wrong),
    ...list('To be known', notes),
    ...list('What this cannot show', limits),
    ...list('What was looked at', facts),
  );
}

export function showProblem(text: string, into: HTMLElement): void {
  into.replaceChildren(element('p', text, 'verdict bad'));
}
