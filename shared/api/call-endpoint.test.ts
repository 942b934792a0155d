import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCaller, type Fetch, type Tokens } from './call-endpoint.ts';
import type { Endpoint } from './endpoint.ts';

const row = {
  name: 'film',
  method: 'POST',
  path: '/api/v1/films/:id',
  summary: '',
  access: ['doctor'],
  request: 'json',
  body: z.strictObject({ view: z.string() }),
  response: z.object({ ok: z.boolean() }),
  audit: 'none',
  errors: [],
} as const satisfies Endpoint;

const given = { params: { id: 'a/b' }, query: { most: 2 }, body: { view: 'PA' } };

function hubThat(...answers: (Response | Error)[]) {
  const asked: { url: string; init: Parameters<Fetch>[1] }[] = [];
  const fetch: Fetch = async (url, init) => {
    asked.push({ url, init });
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, fetch };
}

const tokens: Tokens = { current: async () => 'old', renew: async () => 'new' };
const problem = (code: string, status: number, headers: Record<string, string> = {}): Response =>
  new Response(
    JSON.stringify({ type: 'about:blank', title: 't', status, instance: 'r1', code, retry: true }),
    {
      status,
      headers,
    },
  );

describe('a call', () => {
  it('asks as the row says and reads the answer by its schema', async () => {
    const { asked, fetch } = hubThat(Response.json({ ok: true, more: 1 }));
    const call = createCaller({ fetch, hub: 'https://hub.example', tokens });
    expect(await call(row, given)).toEqual({ ok: true });
    expect(asked).toEqual([
      {
        url: 'https://hub.example/api/v1/films/a%2Fb?most=2',
        init: {
          method: 'POST',
          headers: {
            Accept: 'application/json, application/problem+json',
            Authorization: 'Bearer old',
            'Content-Type': 'application/json',
          },
          body: '{"view":"PA"}',
        },
      },
    ]);
  });

  it('renews the token once', async () => {
    const { asked, fetch } = hubThat(problem('account.signed-out', 401), Response.json({ ok: true }));
    await createCaller({ fetch, hub: '', tokens })(row, given);
    expect(asked.map(({ init }) => init.headers['Authorization'])).toEqual(['Bearer old', 'Bearer new']);
    const refused = hubThat(problem('account.signed-out', 401), problem('account.signed-out', 401));
    await expect(createCaller({ fetch: refused.fetch, hub: '', tokens })(row, given)).rejects.toMatchObject({
      code: 'account.signed-out',
    });
  });

  it.each<[string, Response | Error, string, object]>([
    [
      'what the hub refuses',
      problem('sync.slow-down', 429, { 'Retry-After': '7' }),
      'sync.slow-down',
      { retryAfterMs: 7000 },
    ],
    ['a line that breaks', new TypeError('fetch failed'), 'network.unreachable', {}],
    ['an answer that is cut off', new Response('{"ok": tr'), 'network.unreachable', {}],
    ['an answer of another form', Response.json({ ok: 'yes' }), 'page.outdated', {}],
    ['a page of a proxy', new Response('<h1>Bad gateway</h1>', { status: 502 }), 'network.unreachable', {}],
    ['a limit of a proxy', new Response('', { status: 429 }), 'sync.slow-down', {}],
    ['a code of a later hub', problem('film.burnt', 400), 'request.invalid', {}],
  ])('says of %s what it is', async (_, answer, code, details) => {
    const { fetch } = hubThat(answer);
    await expect(createCaller({ fetch, hub: '', tokens })(row, given)).rejects.toMatchObject({
      code,
      details,
    });
  });
});
