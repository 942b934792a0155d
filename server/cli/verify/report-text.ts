import { describeReport } from '../../../shared/log/verify/describe-report.ts';
import type { VerifyReport } from '../../../shared/log/verify/report.ts';
import { printable } from '../result-lines.ts';

const mostFindings = 20;
const width = 96;

/** Breaks a sentence into lines that begin alike. */
function wrapped(text: string, first: string, others: string): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = others;
    }
    line += `${word} `;
  }
  return `${[...lines, line.trimEnd()].join('\n')}\n`;
}

/** The report for a screen, or for a file that somebody will read. */
export function reportText(report: VerifyReport): string {
  const { headline, facts, firstBad, findings, unlisted, notes, limits } = describeReport(report);
  const shown = findings.slice(0, mostFindings);
  const more = findings.length - shown.length + unlisted;
  const parts = [wrapped(headline, '', '  ')];
  if (firstBad !== null) parts.push(`  ${firstBad.replace('\n', '\n  ')}\n`);
  parts.push('\n', ...facts.map((fact) => `  ${fact}\n`));
  if (shown.length > 0) parts.push('\nWhat is wrong\n');
  for (const { place, text, code } of shown) {
    parts.push(`  ${printable(place)}\n`, wrapped(`${text} (${code})`, '    ', '    '));
  }
  if (more > 0) parts.push(`  … and ${more} more; --json lists the first of each kind.\n`);
  if (notes.length > 0) parts.push('\nTo be known\n', ...notes.map((note) => wrapped(note, '  · ', '    ')));
  parts.push('\nWhat this cannot show\n', ...limits.map((limit) => wrapped(limit, '  · ', '    ')));
  return parts.join('');
}
