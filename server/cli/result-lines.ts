import { styleText } from 'node:util';
import type { Analysis } from '../../shared/api/analysis.ts';
import { judgementInWords, methodNames } from '../../shared/inference/explanation-words.ts';
import { shareText } from '../../shared/kernel/share-text.ts';

type Style = Parameters<typeof styleText>[0];

/** Text for one image: a line with the verdict, then what the reader must know about it, indented. */
export function resultLines(analysis: Analysis, coloured: boolean): string[] {
  const paint = (style: Style, text: string): string =>
    coloured ? styleText(style, text, { validateStream: false }) : text;
  const { intake, findings } = analysis;
  const file = printable(analysis.file ?? '(image)');
  if (intake.status === 'refused') {
    const [first, ...more] = intake.reasons;
    return [
      `${paint('yellow', 'refused')}  ${file}`,
      ...[first, ...more].flatMap((reason) =>
        reason === undefined
          ? []
          : [`         ${reason.message} ${paint('dim', `(${reason.code})`)}`, `         ${reason.advice}`],
      ),
    ];
  }
  const verdicts = findings.map((finding) => {
    const { name, probability, shownAs, operatingPoint, positive } = finding;
    const relation = positive ? 'at or above' : 'below';
    const text = `${name}: ${shownAs} ${shareText(probability)}, ${relation} ${operatingPoint.threshold.toFixed(2)}`;
    return paint(positive ? 'bold' : 'reset', text);
  });
  const warnings = intake.reasons.map(({ code }) => code.replace(/^image\./, '')).join(', ');
  const explanations = findings.flatMap(({ explanations: all = [] }) =>
    all.flatMap((explanation) => {
      const { verdict, holds } = judgementInWords(explanation);
      const text = `         ${methodNames[explanation.method]}: ${verdict}`;
      return [holds ? text : paint('yellow', text)];
    }),
  );
  return [
    `${paint('green', 'read')}     ${file}  ${verdicts.join('; ')}${warnings === '' ? '' : `  ${paint('dim', `[${warnings}]`)}`}`,
    ...qualityLine(analysis).map((line) => paint('dim', line)),
    ...explanations,
  ];
}

/** Nothing where it was not measured. */
function qualityLine({ quality }: Analysis): string[] {
  if (quality?.total === undefined) return [];
  const { score, word } = quality.total;
  const worst = quality.parts.find((part) => part.score === score);
  const why = worst === undefined || word === 'good' ? '' : `: ${worst.sentence}`;
  return [`         Quality ${score} of 100, ${word}${why}`];
}

/** Each warning that occurred, once, as a sentence. */
export function warningLegend(reasons: readonly Analysis['intake']['reasons'][number][]): string[] {
  const seen = new Map(reasons.map((reason) => [reason.code, reason]));
  return [...seen.values()].map(({ code, message }) => `  ${code.replace(/^image\./, '')}: ${message}`);
}

/** File names may hold anything: control characters, which could paint a false line on the screen, are shown as codes. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return `\\x${code}`;
  });
}
