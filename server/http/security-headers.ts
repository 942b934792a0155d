import { createMiddleware } from 'hono/factory';
import { pageHeaders } from '../../shared/api/page-headers.ts';

const policyHeader = 'Content-Security-Policy';

/** On every answer, the page and the refusals included. */
export const securityHeaders = createMiddleware(async (c, next) => {
  await next();
  // A page that is one file has a policy of its own, narrower than that of all others.
  const own = c.res.headers.get(policyHeader);
  for (const [name, value] of Object.entries(pageHeaders)) c.res.headers.set(name, value);
  if (own !== null) c.res.headers.set(policyHeader, own);
});
