import type { Analysis } from '../../shared/api/analysis.ts';

const qualityParts = ['exposure', 'contrast', 'sharpness', 'coverage', 'rotation'] as const;

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
  'quality',
  ...qualityParts,
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
    ...qualityCells(analysis),
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

/** Scores from 0 to 100; empty where a part could not be measured. */
function qualityCells({ quality }: Analysis): Record<'quality' | (typeof qualityParts)[number], string> {
  const cell = (part: (typeof qualityParts)[number]): string =>
    quality?.parts.find((each) => each.part === part)?.score.toString() ?? '';
  return {
    quality: quality?.total?.score.toString() ?? '',
    exposure: cell('exposure'),
    contrast: cell('contrast'),
    sharpness: cell('sharpness'),
    coverage: cell('coverage'),
    rotation: cell('rotation'),
  };
}
