import type { Handler } from 'hono';
import { prettifyError } from 'zod';
import { PredictQuery } from '../../shared/api/inference.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { refusalResponse } from '../http/problem-response.ts';
import { uploadedFile } from '../http/uploaded-file.ts';

/** `POST /api/v1/inference/predict`: one image in, its analysis out, nothing kept. */
export function predict({ pool, readiness, maxUploadBytes }: AppDeps): Handler<AppEnv> {
  return async (c) => {
    if (readiness.status() === 'stopping') throw new AppError('inference.busy', 'the hub is stopping');
    const query = PredictQuery.safeParse({ explain: c.req.queries('explain')?.join(',') });
    if (!query.success) throw new AppError('request.invalid', prettifyError(query.error));
    const { bytes, name } = await uploadedFile(c, maxUploadBytes);
    const { analysis } = await pool.read({
      source: { bytes },
      explain: query.data.explain,
      ...(name === undefined ? {} : { file: name }),
    });
    return analysis.intake.status === 'refused' ? refusalResponse(c, analysis) : c.json(analysis);
  };
}
