import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

/**
 * Refuses by Content-Length before anything is read (Node holds the sender to it), and while reading where there is none.
 * @throws AppError `request.too-large`
 */
export function uploadLimit(maxBytes: number): MiddlewareHandler<AppEnv> {
  const refuse = (): never => {
    throw new AppError('request.too-large', `the request is larger than ${maxBytes} bytes`);
  };
  const whileReading = bodyLimit({ maxSize: maxBytes, onError: refuse });
  return async (c, next) => {
    const length = c.req.header('content-length');
    // Not left to the library: to look at the body at all, it turns it into a web stream, which is slow for large files.
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return whileReading(c, next);
    if (!(Number(length) <= maxBytes)) refuse();
    return next();
  };
}
