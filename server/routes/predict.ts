import type { predictEndpoint } from '../../shared/api/inference.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppDeps } from '../deps.ts';
import type { EndpointHandler } from '../http/handler.ts';
import { refusalResponse } from '../http/problem-response.ts';
import { uploadedFile } from '../http/uploaded-file.ts';

/** `POST /api/v1/inference/predict`: one image in, its analysis out, nothing kept. */
export function predict({
  pool,
  readiness,
  maxUploadBytes,
}: AppDeps): EndpointHandler<typeof predictEndpoint> {
  return async ({ c, query }) => {
    if (readiness.status() === 'stopping') throw new AppError('inference.busy', 'the hub is stopping');
    const { bytes, name } = await uploadedFile(c, maxUploadBytes);
    const { analysis } = await pool.read({
      source: { bytes },
      explain: query.explain,
      ...(name === undefined ? {} : { file: name }),
    });
    return analysis.intake.status === 'refused' ? refusalResponse(c, analysis) : analysis;
  };
}
