import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/kernel/errors.ts';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import type { PersonSecrets } from '../vault/vault-items.ts';
import { openHubSession } from './hub-session.ts';

const id = '00000000-0000-4000-8000-000000000001';
const account: PersonSecrets['account'] = {
  id,
  email: 'ann@example.org',
  role: 'doctor',
  clinic: { id, name: 'North clinic' },
};

/** A hub that gives each refresh token once, in front of a store that may be full. */
function world() {
  const grantKey = { kty: 'OKP', crv: 'Ed25519', x: '', kid: '' } as const;
  let kept: PersonSecrets = { account, refreshToken: 'token-0-0123456789abcdef', grant: '', grantKey };
  let [count, inFlight, most] = [0, 0, 0];
  let isFull = false;
  const queue = createSerialQueue();
  const session = (first?: string) =>
    openHubSession(
      async (_, { body }) => {
        most = Math.max(most, ++inFlight);
        const { refreshToken } = JSON.parse(String(body)) as { refreshToken: string };
        await Promise.resolve();
        inFlight--;
        if (!refreshToken.startsWith(`token-${count}-`))
          return answer(401, { code: 'account.session-reused' });
        count++;
        const next = `token-${count}-0123456789abcdef`;
        return answer(200, { account, accessToken: `access ${count}`, expiresInS: 600, refreshToken: next });
      },
      {
        read: async () => kept,
        write: async (value) => {
          if (isFull) throw new AppError('storage.full', 'no room');
          kept = value;
        },
      },
      (_, work) => queue.run(work),
      first,
    );
  return {
    session,
    kept: () => kept.refreshToken,
    most: () => most,
    count: () => count,
    fill: () => void (isFull = true),
  };
}

function answer(status: number, body: object) {
  const problem = { type: 'about:blank', title: 'no', status, requestId: 'r', ...body };
  return {
    status,
    headers: { get: () => null },
    text: async () => JSON.stringify(status === 200 ? body : problem),
  };
}

describe('the way into the hub', () => {
  it('is refreshed when it is first needed, and the next token is kept', async () => {
    const { session, kept, count } = world();
    const tokens = session();
    expect(await tokens.current()).toBe('access 1');
    expect(await tokens.current()).toBe('access 1');
    expect(kept()).toMatch(/^token-1-/);
    expect(await tokens.renew()).toBe('access 2');
    expect(kept()).toMatch(/^token-2-/);
    expect(count()).toBe(2);
  });

  it('needs no refresh right after a sign-in', async () => {
    const { session, count } = world();
    expect(await session('access of the sign-in').current()).toBe('access of the sign-in');
    expect(count()).toBe(0);
  });

  it('is refreshed once for all who ask at once, and one after the other by several windows', async () => {
    const { session, most, count } = world();
    const [one, other] = [session(), session()];
    const answers = await Promise.all([
      one.renew(),
      one.renew(),
      other.renew(),
      one.current(),
      other.renew(),
    ]);
    expect(new Set(answers)).toEqual(new Set(['access 1', 'access 2']));
    expect([count(), most()]).toEqual([2, 1]);
  });

  it('is not used when what comes after it could not be kept', async () => {
    const { session, fill } = world();
    fill();
    await expect(session().current()).rejects.toMatchObject({ code: 'storage.full' });
  });
});
