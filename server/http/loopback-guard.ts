import { createMiddleware } from 'hono/factory';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

/**
 * Listening on the loopback address keeps other machines out, but not other sites in this machine's browser: a site can
 * give its own name the hub's address (DNS rebinding) or post a form to it. Both are seen in headers that a page cannot
 * forge.
 */

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}

/** @param host as in the header of that name */
export function namesThisMachine(host: string): boolean {
  return loopbackNames.includes(withoutPort(host));
}

/** One whole label, and only the first, as certificates mean it (RFC 9525 section 6.3). */
const asWildcard = (name: string): string => name.replace(/^[^.]+\./, '*.');

/**
 * @param hostNames besides those of this machine; an IPv6 address in its shortest form, without brackets; `*.example.org` stands
 *   for every name one label longer
 * @throws AppError `request.forbidden-host`
 */
export function knownNamesOnly(hostNames: readonly string[]) {
  const known = new Set([
    ...loopbackNames,
    ...hostNames.map((name) => (name.includes(':') ? `[${name}]` : name.toLowerCase())),
  ]);
  return createMiddleware<AppEnv>(async (c, next) => {
    // A request may name a host in its first line, too (RFC 9112 section 3.2.2); what follows goes by that one.
    const { host } = new URL(c.req.url);
    const named = [host, c.req.header('host') ?? host].map(withoutPort);
    if (!named.every((name) => known.has(name) || (!name.startsWith('[') && known.has(asWildcard(name))))) {
      throw new AppError('request.forbidden-host', 'the Host header does not name this hub');
    }
    await next();
  });
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Browsers say which site a request comes from; programs such as curl send neither header and are let through. */
function comesFromElsewhere(
  site: string | undefined,
  origin: string | undefined,
  own: readonly (string | undefined)[],
): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && !own.includes(origin);
}

/**
 * @param publicOrigin where browsers find the hub behind a proxy, which speaks to it under another address
 * @throws AppError `request.cross-site`
 */
export function sameSiteWritesOnly(publicOrigin?: string) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const own = [new URL(c.req.url).origin, publicOrigin];
    const foreign = comesFromElsewhere(c.req.header('sec-fetch-site'), c.req.header('origin'), own);
    if (foreign && !safeMethods.has(c.req.method)) {
      throw new AppError('request.cross-site', 'the request was made by a page of another site');
    }
    await next();
  });
}
