import { createMiddleware } from 'hono/factory';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

/**
 * Listening on the loopback address keeps other machines out, but not other sites in this machine's browser: a site can
 * give its own name the address 127.0.0.1 (DNS rebinding) or post a form to it. Both are seen in headers that a page
 * cannot forge.
 */

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}

/** @throws AppError `request.forbidden-host` */
export const loopbackNameOnly = createMiddleware<AppEnv>(async (c, next) => {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  if (!loopbackNames.has(withoutPort(host))) {
    throw new AppError('request.forbidden-host', 'the Host header does not name this machine');
  }
  await next();
});

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Browsers say which site a request comes from; programs such as curl send neither header and are let through. */
function comesFromElsewhere(site: string | undefined, origin: string | undefined, own: string): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && origin !== own;
}

/** @throws AppError `request.cross-site` */
export const sameSiteWritesOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { origin: own } = new URL(c.req.url);
  const foreign = comesFromElsewhere(c.req.header('sec-fetch-site'), c.req.header('origin'), own);
  if (foreign && !safeMethods.has(c.req.method)) {
    throw new AppError('request.cross-site', 'the request was made by a page of another site');
  }
  await next();
});
