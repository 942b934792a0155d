import type { Context } from 'hono';
import type { authEndpoints, SignInAnswer } from '../../shared/api/auth.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { SignIn } from '../auth/accounts-api.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { bearerToken } from '../http/authorise.ts';
import type { HandlersFor } from '../http/handler.ts';
import { clearRefreshCookie, readRefreshCookie, writeRefreshCookie } from '../http/refresh-cookie.ts';

/** Where the refresh token goes depends on who asked for the session, not on who refreshes it. */
function signInAnswer(c: Context<AppEnv>, signIn: SignIn, overTls: boolean): SignInAnswer {
  const { client, refreshToken, ...rest } = signIn;
  if (client === 'program') return { ...rest, refreshToken };
  writeRefreshCookie(c, overTls, refreshToken);
  return rest;
}

/** `/api/v1/auth/…`: setting up, registering, signing in and out. */
export function authRoutes({ accounts, clientAddress, overTls }: AppDeps): HandlersFor<typeof authEndpoints> {
  const { sessions, users } = accounts;
  return {
    setup: ({ body }) => users.setup(body),
    register: async ({ body, c }) => ({ status: await users.register(body, clientAddress(c)) }),
    login: async ({ body, c }) => signInAnswer(c, await sessions.login(body, clientAddress(c)), overTls),

    async refresh({ body, c }) {
      const token = body.refreshToken ?? readRefreshCookie(c, overTls);
      if (token === undefined) throw new AppError('account.signed-out', 'there is no refresh token');
      return signInAnswer(c, await sessions.refresh(token, clientAddress(c)), overTls);
    },

    async logout({ body, c }) {
      const cookie = readRefreshCookie(c, overTls);
      const refresh = body.refreshToken ?? cookie;
      await sessions.logout({ access: bearerToken(c), refresh }, clientAddress(c));
      if (cookie !== undefined) clearRefreshCookie(c, overTls);
    },

    me: ({ member }) => users.account(member.clinic, member.userId),
    changePassword: ({ member, body }) => users.changePassword(member, body),
    sessions: async ({ member }) => ({
      sessions: [...(await sessions.list(member.userId, member.sessionId))],
    }),
    endSession: ({ member, params }) => sessions.end(member, params.id),
  };
}
