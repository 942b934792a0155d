import { describe, expect, it } from 'vitest';
import { endpoints } from '../shared/api/endpoints.ts';
import { healthEndpoint } from '../shared/api/health.ts';
import { predictEndpoint } from '../shared/api/inference.ts';
import { asDoctor, hubApp, upload } from '../tests/hub/hub-app.ts';

const isApi = ({ path, method }: { path: string; method: string }): boolean =>
  path.startsWith('/api/v1') && method !== 'ALL';

describe('the hub', () => {
  it('routes every row of the endpoint table and nothing else under /api/v1', () => {
    const routed = hubApp()
      .app.routes.filter(isApi)
      .map(({ method, path }) => `${method} ${path}`);
    // HEAD is among the routes of GET.
    const rows = endpoints.map(({ method, path }) => `${method.replace('HEAD', 'GET')} ${path}`);
    expect([...new Set(routed)].toSorted()).toEqual(rows.toSorted());
    expect(rows.length).toBeGreaterThan(15);
  });

  it('has each address and each name once', () => {
    expect(new Set(endpoints.map(({ name }) => name)).size).toBe(endpoints.length);
    const addresses = endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
    expect(new Set(addresses).size).toBe(endpoints.length);
  });

  it.each([healthEndpoint, predictEndpoint])(
    'answers $name with what the table promises',
    async ({ method, path, response }) => {
      const answer = await hubApp().app.request(path, method === 'POST' ? upload() : {});
      expect(answer.status).toBe(200);
      expect(response.safeParse(await answer.json()).error).toBeUndefined();
    },
  );

  it.each(['/api/v1/', '/api/v1/patients', '/api/v2/health/', '/secret'])(
    'has nothing at %s',
    async (path) => {
      const answer = await hubApp().app.request(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'request.not-found', instance: 'request-1' });
    },
  );

  it.each(['/api/v1/health/', '/nowhere', '/'])('sends its security headers with %s', async (path) => {
    const page = async () => new Response('page');
    const { headers } = await hubApp({ page }).app.request(path);
    expect(headers.get('Content-Security-Policy')).toContain(
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    );
    expect(headers.get('Content-Security-Policy')).not.toContain('unsafe-inline');
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
    expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('Permissions-Policy')).toContain('camera=()');
    expect(headers.get('X-Request-Id')).toBe('request-1');
  });

  it.each(['/api/v1/health/', '/api/v1/nowhere'])('lets nobody store %s', async (path) => {
    const { headers } = await hubApp().app.request(path);
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it('names a request by itself and does not take the name that the caller sends', async () => {
    const { app, logged } = hubApp();
    const answer = await app.request('/api/v1/health/', { headers: { 'X-Request-Id': 'planted' } });
    expect(answer.headers.get('X-Request-Id')).toBe('request-1');
    expect(logged.join()).not.toContain('planted');
  });

  it('logs the pattern of the route, never the address, the headers or the name of the file', async () => {
    const { app, logged } = hubApp();
    const headers = { 'User-Agent': 'planted-agent', ...asDoctor };
    await app.request('/patients/planted-name?planted=query', { headers });
    await app.request('/api/v1/inference/predict', { ...upload(new File(['x'], 'planted.png')), headers });
    expect(logged.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ method: 'GET', route: '/*', status: 404, code: 'request.not-found' }),
      expect.objectContaining({ method: 'POST', route: '/api/v1/inference/predict', status: 200 }),
    ]);
    expect(logged.join()).not.toContain('planted');
  });
});
