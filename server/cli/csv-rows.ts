import type { Analysis } from '../../shared/api/analysis.ts';

export const csvColumns = [
  'file',
  'sha256',
  'width',
  'height',
  'intake',
  'model',
  'model_sha256',
  'finding',
  'probability',
  'operating_point',
  'positive',
  'runtime',
  'ms',
] as const;

export type CsvRow = Record<(typeof csvColumns)[number], string>;

/** `ok`, `warning:A+B`, or `refused:CODE` with the first reason; the others stand in the JSON. */
export function intakeCell({ intake }: Analysis): string {
  const codes = intake.reasons.map(({ code }) => code);
  if (intake.status === 'ok') return 'ok';
  return intake.status === 'warning' ? `warning:${codes.join('+')}` : `refused:${codes[0]}`;
}

/** One row for each finding; one row without model, finding and numbers for a refused file. */
export function csvRows(analysis: Analysis): CsvRow[] {
  const { image, provenance, findings, file = '' } = analysis;
  const facts = {
    file,
    sha256: image.sha256 ?? '',
    width: image.width?.toString() ?? '',
    height: image.height?.toString() ?? '',
    intake: intakeCell(analysis),
    ms: Math.round(provenance.timesMs.total).toString(),
  };
  if (findings.length === 0) {
    const blank = {
      model: '',
      model_sha256: '',
      finding: '',
      probability: '',
      operating_point: '',
      positive: '',
    };
    return [{ ...facts, ...blank, runtime: '' }];
  }
  return findings.map((finding) => {
    const used = provenance.models.find(({ name }) => name === finding.model)?.runtime;
    return {
      ...facts,
      model: finding.model,
      model_sha256: finding.modelSha256,
      finding: finding.code,
      probability: finding.probability.toString(),
      operating_point: finding.operatingPoint.threshold.toString(),
      positive: finding.positive.toString(),
      runtime: used === undefined ? '' : `${used.name} ${used.version} ${used.backend}`,
    };
  });
}
