import { createMiddleware } from 'hono/factory';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

/**
 * Uploads are held in memory until they are answered; together they may hold `maxBytes`. A request that does not say how
 * long it is counts as the largest that is allowed.
 * @throws AppError `inference.busy` before the body is read
 */
export function uploadBudget(maxBytes: number, maxUploadBytes: number) {
  let held = 0;
  return createMiddleware<AppEnv>(async (c, next) => {
    const announced = Number(c.req.header('content-length') ?? maxUploadBytes);
    const bytes = Number.isFinite(announced) ? announced : maxUploadBytes;
    if (held + bytes > maxBytes) throw new AppError('inference.busy', `uploads hold ${held} bytes already`);
    held += bytes;
    try {
      await next();
    } finally {
      held -= bytes;
    }
  });
}
