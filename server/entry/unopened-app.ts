import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';
import { problemResponse } from '../http/problem-response.ts';
import { requestContext } from '../http/request-context.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { createRequestLog } from '../log.ts';

/** A wrong setting is told to whoever reads the log, not to everybody who asks. */
function shown(error: unknown): AppError {
  if (error instanceof AppError && error.code.startsWith('storage.')) return error;
  return new AppError('server.internal', `the hub cannot be opened: ${describeThrown(error)}`, {
    cause: error,
  });
}

/** Answers as the app does where there is none, because the records could not be opened. */
export function unopenedApp(error: unknown, print: (line: string) => void): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((thrown, c) => problemResponse(c, thrown));
  const deps = {
    log: createRequestLog(print),
    newRequestId: () => crypto.randomUUID(),
    now: () => performance.now(),
    wallClock: () => new Date(),
  };
  const noStore = createMiddleware(async (c, next) => {
    await next();
    c.res.headers.set('Cache-Control', 'no-store');
  });
  app.use(requestContext(deps), securityHeaders(true), noStore);
  app.all('*', () => {
    throw shown(error);
  });
  return app;
}
