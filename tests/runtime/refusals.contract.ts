import { expect, it } from 'vitest';
import { loginEndpoint } from '../../shared/api/auth.ts';
import { healthEndpoint } from '../../shared/api/health.ts';
import { predictEndpoint } from '../../shared/api/inference.ts';
import { pullEndpoint, pushEndpoint } from '../../shared/api/sync.ts';
import { problemCode } from './hub-client.ts';
import type { Stage } from './stage.ts';

/** Every refusal is a problem (RFC 9457) that tells nothing of the hub's inside, and nobody's data. */
export function refusalsContract(stage: () => Stage): void {
  const send = async (path: string, init: RequestInit): Promise<string> =>
    problemCode(await fetch(`${stage().hub.origin}${path}`, init));

  it('is ready', async () => {
    expect(await stage().client.get(healthEndpoint)).toMatchObject({ status: 'ok', keeps: 'records' });
  });

  it.each(['/api/', '/api/v1/nothing', '/api/v1/sync/push/', '/api/v1//users', '/api/v2/users'])(
    'knows no %s',
    async (path) => expect(await send(path, {})).toBe('request.not-found'),
  );

  it.each([
    ['not JSON', '{"email":', 'application/json'],
    ['another type', '{}', 'text/plain'],
    ['a wrong form', '{"email": 1}', 'application/json'],
    ['an unknown member', '{"email":"a@b.de","password":"x","admin":true}', 'application/json'],
  ])('refuses a body that is %s', async (_, body, type) => {
    const init = { method: 'POST', body, headers: { 'Content-Type': type } };
    expect(await send(loginEndpoint.path, init)).toBe('request.invalid');
  });

  it('refuses a body that is too large, with and without its length', async () => {
    const { token } = stage().doctor;
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    const large = new Uint8Array(pushEndpoint.maxBodyBytes + 1).fill(32);
    expect(await send(pushEndpoint.path, { method: 'POST', headers, body: large })).toBe('request.too-large');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(large);
        controller.close();
      },
    });
    const init = { method: 'POST', headers, body, duplex: 'half' } as const;
    expect(await send(pushEndpoint.path, init as RequestInit)).toBe('request.too-large');
  });

  it('refuses what another site lets a browser send', async () => {
    const init = {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json', Origin: 'https://elsewhere.example' },
    };
    expect(await send(loginEndpoint.path, init)).toBe('request.cross-site');
  });

  it('refuses an old client by a code of its own', async () => {
    const { client, doctor } = stage();
    const json = { protocol: 99, epoch: null, cursor: -1, limit: 1, verified: null };
    expect(await client.refusal(pullEndpoint, { token: doctor.token, json })).toBe('request.invalid');
  });

  it('sends the headers that keep other sites out, with every answer', async () => {
    const { hub } = stage();
    for (const path of ['/api/v1/health/', '/api/v1/nothing']) {
      const { headers } = await fetch(`${hub.origin}${path}`);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Content-Security-Policy')).toContain('default-src');
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('reads images, or says that it does not do so here', async () => {
    const { client, doctor, hub } = stage();
    const { pool } = await client.get(healthEndpoint);
    const body = new FormData();
    body.append('file', new File(['no picture'], 'film.png'));
    const headers = { Authorization: `Bearer ${doctor.token}` };
    const answer = await fetch(`${hub.origin}${predictEndpoint.path}`, { method: 'POST', body, headers });
    expect(await problemCode(answer)).toBe(
      pool.size > 0 ? 'image.unknown-format' : 'inference.unavailable-here',
    );
  });

  it('logs neither addresses nor what was sent', () => {
    const { hub, doctor } = stage();
    // What wrangler prints of its own is not the hub's log.
    const lines = hub.printed().split('\n');
    const printed = lines.filter((line) => line.startsWith('{')).join('\n');
    expect(printed).toContain('"route":"/api/v1/sync/push"');
    for (const secret of [
      doctor.email,
      doctor.token,
      hub.setupToken,
      'first',
      'film.png',
      doctor.account.id,
    ]) {
      expect(printed).not.toContain(secret);
    }
  });
}
