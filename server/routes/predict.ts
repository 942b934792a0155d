import { createHash } from 'node:crypto';
import type { predictEndpoint } from '../../shared/api/inference.ts';
import { recordedResult } from '../../shared/api/recorded-reading.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppDeps } from '../deps.ts';
import type { EndpointHandler } from '../http/handler.ts';
import { refusalResponse } from '../http/problem-response.ts';
import { uploadedFile } from '../http/uploaded-file.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** `POST /api/v1/inference/predict`: one image in, its analysis out. The log keeps the result, and nothing the picture. */
export function predict({
  pool,
  readiness,
  maxUploadBytes,
  hubLog,
}: AppDeps): EndpointHandler<typeof predictEndpoint> {
  return async ({ c, query, member }) => {
    if (readiness.status() === 'stopping') throw new AppError('inference.busy', 'the hub is stopping');
    const { bytes, name } = await uploadedFile(c, maxUploadBytes);
    const { analysis } = await pool.read({
      source: { bytes },
      explain: query.explain,
      ...(name === undefined ? {} : { file: name }),
    });
    if (analysis.intake.status === 'refused') return refusalResponse(c, analysis);
    const fact = recordedResult(analysis, member.userId, { sha256 });
    if (fact !== undefined) await hubLog.append(member.clinic, [fact]);
    return analysis;
  };
}
