import { createMiddleware } from 'hono/factory';
import { pageHeaders } from '../../shared/api/page-headers.ts';

/** A year: whoever has met the hub over TLS never asks it in clear again (RFC 6797). */
const transportSecurity = 'max-age=31536000';

/** On every answer, the page and the refusals included. */
export function securityHeaders(overTls: boolean) {
  return createMiddleware(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(pageHeaders)) c.res.headers.set(name, value);
    if (overTls) c.res.headers.set('Strict-Transport-Security', transportSecurity);
  });
}
