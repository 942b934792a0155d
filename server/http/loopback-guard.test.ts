import { describe, expect, it } from 'vitest';
import { asDoctor, hubApp, upload } from '../../tests/hub/hub-app.ts';

async function statusFor(headers: Record<string, string>, init: RequestInit = {}): Promise<number> {
  const path = init.method === 'POST' ? '/api/v1/inference/predict' : '/api/v1/health/';
  return (
    await hubApp().app.request(`http://127.0.0.1:8787${path}`, {
      ...init,
      headers: { ...asDoctor, ...headers },
    })
  ).status;
}

describe('the names of this machine', () => {
  it.each(['localhost', 'LOCALHOST:8787', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8787'])(
    'lets %s through',
    async (host) => expect(await statusFor({ Host: host })).toBe(200),
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io:8787',
    'localhost@evil.example',
    '127.0.0.2',
    '0.0.0.0:8787',
    '192.168.1.5:8787',
    '[::]:8787',
    '',
  ])('refuses “%s”', async (host) => expect(await statusFor({ Host: host })).toBe(403));

  it('refuses another name in the address, whatever the header says', async () => {
    const { status } = await hubApp().app.request('http://evil.example/api/v1/health/', {
      headers: { Host: 'localhost' },
    });
    expect(status).toBe(403);
  });

  it('lets the names through that the hub was given, and no others', async () => {
    const { app } = hubApp({ hostNames: ['Clinic.local', '192.168.1.10', 'fd00::1'] });
    const ask = async (host: string): Promise<number> =>
      (await app.request('http://127.0.0.1/api/v1/health/', { headers: { Host: host } })).status;
    for (const host of [
      'clinic.local',
      'CLINIC.local:8787',
      '192.168.1.10:8787',
      '[fd00::1]:8787',
      'localhost',
    ]) {
      expect(await ask(host), host).toBe(200);
    }
    for (const host of [
      'a.clinic.local',
      'clinic.local.evil.example',
      '192.168.1.11',
      '[fd00::2]',
      'fd00::1',
    ]) {
      expect(await ask(host), host).toBe(403);
    }
  });

  it('takes a star for one label, as in the certificate that it comes from', async () => {
    const { app } = hubApp({ hostNames: ['*.clinic.example', '*.0.0.1'] });
    const ask = async (host: string): Promise<number> =>
      (await app.request('http://127.0.0.1/api/v1/health/', { headers: { Host: host } })).status;
    for (const host of ['hub.clinic.example', 'X-ray.Clinic.example:8787'])
      expect(await ask(host), host).toBe(200);
    for (const host of [
      'a.hub.clinic.example',
      'clinic.example',
      '.clinic.example',
      'evil.example',
      '[*.0.0.1]',
    ]) {
      expect(await ask(host), host).toBe(403);
    }
  });

  it('refuses the page, too, under another name', async () => {
    const { app } = hubApp({ page: async () => new Response('page') });
    expect((await app.request('http://evil.example/')).status).toBe(403);
  });
});

describe('writes from other sites', () => {
  it.each([
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1:8787' },
    { Origin: 'https://evil.example' },
    { Origin: 'http://127.0.0.1:9999' },
    { Origin: 'null' },
  ])('are refused: %o', async (headers) => expect(await statusFor(headers, upload())).toBe(403));

  it.each([
    { 'Sec-Fetch-Site': 'same-origin' },
    { 'Sec-Fetch-Site': 'none' },
    { Origin: 'http://127.0.0.1:8787' },
    {},
  ])('are told from one’s own: %o', async (headers) => expect(await statusFor(headers, upload())).toBe(200));

  it('are told from those that come through the hub’s own proxy', async () => {
    const { app } = hubApp({ publicOrigin: 'https://hub.example.org' });
    const ask = async (origin: string): Promise<number> => {
      const init = upload();
      return (
        await app.request('http://127.0.0.1/api/v1/inference/predict', {
          ...init,
          headers: { ...asDoctor, Origin: origin },
        })
      ).status;
    };
    expect(await ask('https://hub.example.org')).toBe(200);
    expect(await ask('http://hub.example.org')).toBe(403);
  });

  it('do not concern reading', async () => {
    expect(await statusFor({ 'Sec-Fetch-Site': 'cross-site' })).toBe(200);
  });
});
