import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from '../deps.ts';

/**
 * The page's refresh token: no script reads it, no other site sends it. `__Host-` (RFC 6265bis section 4.1.3.2) lets no
 * other host of the domain set it, and needs TLS; over plain HTTP, which is for this machine alone, the name is another.
 */

const lifetimeS = 30 * 24 * 3600;

const nameFor = (overTls: boolean): string => (overTls ? '__Host-fieldray' : 'fieldray-local');

const attributes = (overTls: boolean) =>
  ({ path: '/', httpOnly: true, secure: overTls, sameSite: 'Strict' }) as const;

export function readRefreshCookie(c: Context<AppEnv>, overTls: boolean): string | undefined {
  return getCookie(c, nameFor(overTls));
}

export function writeRefreshCookie(c: Context<AppEnv>, overTls: boolean, token: string): void {
  setCookie(c, nameFor(overTls), token, { ...attributes(overTls), maxAge: lifetimeS });
}

export function clearRefreshCookie(c: Context<AppEnv>, overTls: boolean): void {
  deleteCookie(c, nameFor(overTls), attributes(overTls));
}
