import { createMiddleware } from 'hono/factory';
import { pageHeaders } from '../../shared/api/page-headers.ts';

/** On every answer, the page and the refusals included. */
export const securityHeaders = createMiddleware(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(pageHeaders)) c.res.headers.set(name, value);
});
