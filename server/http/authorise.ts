import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Endpoint } from '../../shared/api/endpoint.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppDeps, AppEnv, SignedIn } from '../deps.ts';

/** RFC 6750 section 2.1; undefined without one. */
export function bearerToken(c: Context<AppEnv>): string | undefined {
  return /^Bearer ([\w.~+/-]{1,4096}=*)$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

/**
 * Lets in who may use this row and nobody else. It is made for the row, not for an address, so that no way of writing an
 * address leads past it.
 * @throws AppError `account.signed-out`, `account.forbidden`
 */
export function authorise({ name, access }: Endpoint, { authenticate, denied }: AppDeps) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (access !== 'anyone') c.set('member', await memberFor(c));
    await next();
  });

  async function memberFor(c: Context<AppEnv>): Promise<SignedIn> {
    const token = bearerToken(c);
    const member = token === undefined ? undefined : await authenticate(token);
    if (member === undefined) {
      throw new AppError(
        'account.signed-out',
        token === undefined ? 'there is no access token' : 'the access token does not count',
      );
    }
    if (!(access as readonly string[]).includes(member.role)) {
      denied({ member, endpoint: name });
      throw new AppError('account.forbidden', `${name} is not for the role ${member.role}`);
    }
    return member;
  }
}
