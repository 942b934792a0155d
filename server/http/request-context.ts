import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { AppDeps, AppEnv } from '../deps.ts';

/**
 * Names the request and logs it. The name is the hub's own, not the caller's: what a caller sends does not get into
 * the log. Outermost, so that every answer carries its name, errors included.
 */
export function requestContext({
  log,
  newRequestId,
  now,
  wallClock,
}: Pick<AppDeps, 'log' | 'newRequestId' | 'now' | 'wallClock'>) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const requestId = newRequestId();
    const time = wallClock();
    const started = now();
    c.set('requestId', requestId);
    await next();
    c.res.headers.set('X-Request-Id', requestId);
    const problem = c.get('problem');
    log({
      time,
      requestId,
      method: c.req.method,
      route: routePath(c),
      status: c.res.status,
      ms: now() - started,
      code: problem?.code,
      error: problem?.logMessage,
    });
  });
}
