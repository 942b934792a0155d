import { describe, expect, it } from 'vitest';
import { intakeReason } from '../../shared/imaging/intake-reasons.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { aFinding, aQuality, aReading, aRefusal } from '../../tests/fixtures/analysis-builder.ts';
import { csvRows } from './csv-rows.ts';
import { failedAnalysis } from './failed-analysis.ts';
import { startProgress } from './progress.ts';
import { resultLines } from './result-lines.ts';
import { Analysis } from '../../shared/api/analysis.ts';

const failure = failedAnalysis('x.dcm', new AppError('inference.worker-died', 'signal 9'), new Date(0));

describe('a line of the result', () => {
  it('calls a number a score outside the population, a probability inside', () => {
    expect(
      resultLines(aReading({ findings: [aFinding({ shownAs: 'score', probability: 0.734 })] }), false)[0],
    ).toContain('score 0.73, at or above 0.50');
    expect(
      resultLines(aReading({ findings: [aFinding({ probability: 0.2, positive: false })] }), false)[0],
    ).toContain('probability 0.20, below 0.50');
  });

  it('has a short line about the quality, with the reason where it is not good', () => {
    expect(resultLines(aReading({ quality: aQuality(88) }), false)[1]?.trim()).toBe(
      'Quality 88 of 100, good',
    );
    expect(resultLines(aReading({ quality: aQuality(50) }), false)[1]?.trim()).toBe(
      'Quality 50 of 100, fair: Edges are soft.',
    );
    expect(resultLines(aReading(), false)).toHaveLength(1);
  });

  it('shows control characters of a file name as codes', () => {
    const file = 'a.png\n\u001b[32mread     b.png  Pneumonia: score 0.01';
    const lines = resultLines(aReading({ file }), false);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('a.png\\x0a\\x1b[32mread');
  });

  it('gives reason and advice of a refusal', () => {
    const lines = resultLines(aRefusal('image.inverted'), false).join('\n');
    expect(lines).toContain('refused');
    expect(lines).toContain('bones are white');
    expect(lines).not.toMatch(/0\.\d/);
  });
});

describe('csvRows', () => {
  it('joins several warnings', () => {
    const reasons = [intakeReason('image.cropped'), intakeReason('image.outside-population')];
    expect(csvRows(aReading({ intake: { status: 'warning', reasons } }))[0]?.intake).toBe(
      'warning:image.cropped+image.outside-population',
    );
  });

  it('has the scores of the parts, and nothing where there are none', () => {
    expect(csvRows(aReading({ quality: aQuality(50) }))[0]).toMatchObject({
      quality: '50',
      exposure: '100',
      sharpness: '50',
      rotation: '',
    });
    expect(csvRows(aReading())[0]).toMatchObject({ quality: '', exposure: '' });
  });

  it('has a row without numbers for an image on which the program failed', () => {
    expect(Analysis.parse(failure)).toEqual(failure);
    expect(csvRows(failure)).toEqual([
      expect.objectContaining({
        file: 'x.dcm',
        intake: 'refused:inference.worker-died',
        probability: '',
        positive: '',
      }),
    ]);
  });
});

describe('the progress bar', () => {
  const terminal = (errIsScreen: boolean) => {
    const written = { out: '', err: '' };
    return {
      written,
      port: {
        out: (text: string) => void (written.out += text),
        err: (text: string) => void (written.err += text),
        outIsScreen: errIsScreen,
        errIsScreen,
        interrupted: new AbortController().signal,
      },
    };
  };

  it('is drawn on a screen and cleared at the end', () => {
    const { port, written } = terminal(true);
    const progress = startProgress(port, 2, () => 0);
    progress.line('read a.png');
    progress.advance();
    progress.finish();
    expect(written.out).toBe('read a.png\n');
    expect(written.err).toContain('1 of 2');
    expect(written.err.endsWith('\u001b[2K')).toBe(true);
  });

  it('writes nothing but the lines into a pipe', () => {
    const { port, written } = terminal(false);
    const progress = startProgress(port, 2, () => 0);
    progress.line('read a.png');
    progress.advance();
    progress.finish();
    expect(written).toEqual({ out: 'read a.png\n', err: '' });
  });
});
