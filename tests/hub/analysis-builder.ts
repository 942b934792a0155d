import {
  type Analysis,
  type AnalysisFinding,
  type AnalysisHeatmap,
  disclaimer,
} from '../../shared/api/analysis.ts';
import { intakeReason, type IntakeCode } from '../../shared/imaging/intake-reasons.ts';

/** Results as the pipeline would write them; a test names only what it is about. */

const sha256 = 'b'.repeat(64);
const proportion = { value: 0.9, low: 0.83, high: 0.94, n: 100 };

export function aHeatmap(values: readonly number[], rows = 2, columns = 2): AnalysisHeatmap {
  return {
    method: 'class-activation-map',
    note: 'What the model used, not where the disease is.',
    box: { x0: 10, y0: 20, x1: 90, y1: 80 },
    rows,
    columns,
    values: [...values],
    peak: 1,
  };
}

export function aFinding(changes: Partial<AnalysisFinding> = {}): AnalysisFinding {
  return {
    code: 'pneumonia',
    name: 'Pneumonia',
    plain: 'A shadow as pneumonia makes it.',
    model: 'fake-classifier',
    modelSha256: sha256,
    logit: 1.6,
    probability: 0.83,
    shownAs: 'probability',
    operatingPoint: {
      name: 'balanced',
      threshold: 0.5,
      dataset: 'test part',
      sensitivity: proportion,
      specificity: proportion,
    },
    positive: true,
    advice: 'See a doctor.',
    icd10: ['J18.9'],
    snomedCt: ['233604007'],
    heatmap: aHeatmap([0, 0.5, 0.5, 1]),
    ...changes,
  };
}

export function aReading(changes: Partial<Analysis> = {}): Analysis {
  return {
    format: 1,
    image: { sha256, bytes: 10, format: 'png', width: 100, height: 100, synthetic: false },
    intake: { status: 'ok', reasons: [] },
    findings: [aFinding()],
    provenance: {
      program: { name: 'fieldray', version: '0.1.0' },
      analysedAt: '2026-01-02T03:04:05.000Z',
      models: [],
      timesMs: { decode: 1, intake: 0, segment: 2, prepare: 0, classify: 1, explain: 0, total: 4 },
    },
    disclaimer,
    ...changes,
  };
}

export function aRefusal(code: IntakeCode): Analysis {
  return aReading({ intake: { status: 'refused', reasons: [intakeReason(code, 'measured')] }, findings: [] });
}
