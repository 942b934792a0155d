import { type Analysis, disclaimer } from '../../shared/api/analysis.ts';
import { type AppError, errorEntry } from '../../shared/kernel/errors.ts';
import { programVersion } from '../program-version.ts';

/**
 * The answer for an image that could not be read because the program failed, not because of the image: it stands in the
 * reports like a refusal, so that no file is missing there and none has a number that was not computed.
 */
export function failedAnalysis(file: string, error: AppError, at: Date): Analysis {
  const { title, retry } = errorEntry(error.code);
  const advice = retry ? 'Read this image again.' : 'Ask for help and name the code.';
  const step = 0;
  return {
    format: 1,
    file,
    image: { bytes: 0, synthetic: false },
    intake: {
      status: 'refused',
      reasons: [{ code: error.code, severity: 'refused', message: title, advice, detail: error.message }],
    },
    findings: [],
    provenance: {
      program: { name: 'fieldray', version: programVersion },
      analysedAt: at.toISOString(),
      models: [],
      timesMs: {
        decode: step,
        intake: step,
        segment: step,
        prepare: step,
        classify: step,
        explain: step,
        total: step,
      },
    },
    disclaimer,
  };
}
