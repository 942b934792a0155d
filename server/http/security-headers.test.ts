import { expect, it } from 'vitest';
import { hubApp } from '../../tests/hub/hub-app.ts';

async function transportSecurity(address: string, overTls: boolean): Promise<string | null> {
  const { app } = hubApp({ overTls, hostNames: ['clinic.local'] });
  return (await app.request(`${address}/api/v1/health/`)).headers.get('Strict-Transport-Security');
}

it('tells browsers never to come in clear again, except to this machine, where others listen, too', async () => {
  expect(await transportSecurity('https://clinic.local:8787', true)).toBe('max-age=31536000');
  expect(await transportSecurity('https://clinic.local:8787', false)).toBeNull();
  expect(await transportSecurity('https://localhost:8787', true)).toBeNull();
  expect(await transportSecurity('https://127.0.0.1:8787', true)).toBeNull();
});
