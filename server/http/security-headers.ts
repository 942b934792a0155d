import { createMiddleware } from 'hono/factory';
import { pageHeaders } from '../../shared/api/page-headers.ts';
import { namesThisMachine } from './loopback-guard.ts';

const policyHeader = 'Content-Security-Policy';

/** A year: whoever has met the hub over TLS never asks it in clear again (RFC 6797). */
const transportSecurity = 'max-age=31536000';

/** On every answer, the page and the refusals included. */
export function securityHeaders(overTls: boolean) {
  return createMiddleware(async (c, next) => {
    await next();
    // A page that is one file has a policy of its own, narrower than that of all others.
    const own = c.res.headers.get(policyHeader);
    for (const [name, value] of Object.entries(pageHeaders)) c.res.headers.set(name, value);
    if (own !== null) c.res.headers.set(policyHeader, own);
    // Of `localhost` it would hold for whatever else this machine serves there, on every port.
    const isRemote = !namesThisMachine(c.req.header('host') ?? new URL(c.req.url).host);
    if (overTls && isRemote) c.res.headers.set('Strict-Transport-Security', transportSecurity);
  });
}
