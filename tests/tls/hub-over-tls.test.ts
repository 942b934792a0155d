import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get as getPlain } from 'node:http';
import { get, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tlsCommand } from '../../server/cli/tls/tls.ts';
import { chromiumPath, mayGoWithout, openBrowser } from '../browser/open-browser.ts';
import { type HubProcess, startHubProcess } from '../hub/hub-process.ts';

let folder: string;
let hub: HubProcess;
let ca: string;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldray-tls-'));
  const silent = { outIsScreen: false, errIsScreen: false, interrupted: new AbortController().signal };
  const terminal = { ...silent, out: () => undefined, err: () => undefined };
  await tlsCommand(['--dir', folder, '--name', 'clinic.local'], terminal);
  ca = await readFile(join(folder, 'clinic-ca.crt'), 'utf8');
  hub = await startHubProcess({
    HOST: '0.0.0.0',
    TLS_CERT: join(folder, 'hub.crt'),
    TLS_KEY: join(folder, 'hub.key'),
  });
  port = Number(new URL(hub.address ?? '').port);
});
afterAll(async () => {
  hub.signal('SIGTERM');
  expect(await hub.exitCode).toBe(0);
  await rm(folder, { recursive: true });
});

function ask(name: string, trusts: string | undefined, host = name) {
  const options: RequestOptions = {
    host: '127.0.0.1',
    port,
    path: '/api/v1/health/',
    servername: name,
    headers: { Host: `${host}:${port}` },
    agent: false,
    ...(trusts !== undefined && { ca: trusts }),
  };
  return new Promise<{ status: number | undefined; hsts: string | undefined }>((resolve, reject) => {
    get(options, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, hsts: answer.headers['strict-transport-security'] });
    }).once('error', reject);
  });
}

describe('a hub with a certificate of the clinic’s own authority', () => {
  it('says where it is found', () => {
    expect(hub.address).toBe(`https://clinic.local:${port}/`);
  });

  it('answers to those who trust the authority, and tells browsers never to come in clear', async () => {
    expect(await ask('clinic.local', ca)).toEqual({ status: 200, hsts: 'max-age=31536000' });
    expect(await ask('localhost', ca)).toEqual({ status: 200, hsts: undefined });
  });

  it('is refused by those who do not, and refuses other names itself', async () => {
    await expect(ask('clinic.local', undefined)).rejects.toThrow(/certificate/);
    expect((await ask('clinic.local', ca, 'evil.example')).status).toBe(403);
  });

  it('says nothing in clear', async () => {
    const answer = new Promise((resolve, reject) => {
      getPlain({ host: '127.0.0.1', port, path: '/api/v1/health/', agent: false }, resolve).once(
        'error',
        reject,
      );
    });
    await expect(answer).rejects.toThrow();
  });

  it.skipIf(mayGoWithout)('gives pages all that needs a secure context', async () => {
    expect(chromiumPath).toBeDefined();
    // The authority is not in this browser's list: its key is named instead, as the flag wants it.
    const key = new X509Certificate(ca).publicKey.export({ type: 'spki', format: 'der' });
    const spki = createHash('sha256').update(key).digest('base64');
    const browser = await openBrowser([
      `--ignore-certificate-errors-spki-list=${spki}`,
      '--host-resolver-rules=MAP clinic.local 127.0.0.1',
    ]);
    try {
      const page = await browser.newPage();
      await page.goto(`https://clinic.local:${port}/`);
      const found = await page.evaluate(() => ({
        secure: isSecureContext,
        isolated: crossOriginIsolated,
        cryptography: typeof crypto.subtle,
        workers: 'serviceWorker' in navigator,
      }));
      expect(found).toEqual({ secure: true, isolated: true, cryptography: 'object', workers: true });
    } finally {
      await browser.close();
    }
  });
});
