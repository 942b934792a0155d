import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tlsCommand } from '../../server/cli/tls/tls.ts';
import type { Terminal } from '../../server/cli/terminal.ts';
import { makeAuthority, makeServer } from '../../server/tls/make-certificates.ts';
import { readTls } from '../../server/tls/read-tls.ts';

let folder: string;
let printed = '';
const terminal: Terminal = {
  out: (text) => void (printed += text),
  err: (text) => void (printed += text),
  outIsScreen: false,
  errIsScreen: false,
  interrupted: new AbortController().signal,
};
const run = (...args: string[]): Promise<number> => tlsCommand(['--dir', folder, ...args], terminal);
const file = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const paths = () => ({ certificate: join(folder, 'hub.crt'), key: join(folder, 'hub.key') });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldray-tls-'));
  expect(await run('--name', 'Clinic.local', '--ip', '192.168.1.10')).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

/** What a client gets that asks for `servername` and trusts `ca`. */
async function connect(servername: string, ca?: string): Promise<string> {
  const { cert, key } = await readTls(paths(), Date.now());
  const server = createServer({ cert, key }, (_, response) => response.end('answered'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise<string>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, servername, agent: false, ...(ca !== undefined && { ca }) };
      get(options, (response) => {
        response.setEncoding('utf8').once('data', resolve);
      }).once('error', reject);
    });
  } finally {
    server.close();
  }
}

describe('a certificate for a clinic’s own network', () => {
  it('lets a client in that trusts the clinic’s authority', async () => {
    const ca = await file('clinic-ca.crt');
    for (const name of ['clinic.local', 'localhost']) expect(await connect(name, ca)).toBe('answered');
  });

  it('is refused by everybody else, and under another name', async () => {
    const ca = await file('clinic-ca.crt');
    await expect(connect('clinic.local')).rejects.toThrow(/certificate/);
    await expect(connect('other.local', ca)).rejects.toThrow(/altnames/);
    const { certificate: stranger } = await makeAuthority(Date.now());
    await expect(connect('clinic.local', stranger)).rejects.toThrow(/certificate/);
  });

  it('is what browsers take', async () => {
    const server = new X509Certificate(await file('hub.crt'));
    const authority = new X509Certificate(await file('clinic-ca.crt'));
    const days = (Date.parse(server.validTo) - Date.parse(server.validFrom)) / 86_400_000;
    expect(days).toBeLessThanOrEqual(398);
    expect(server.ca).toBe(false);
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(server.checkIP('192.168.1.10')).toBe('192.168.1.10');
    expect(server.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(authority.ca).toBe(true);
    expect(server.verify(authority.publicKey)).toBe(true);
  });

  it('keeps its keys for their owner', async () => {
    for (const name of ['clinic-ca.key', 'hub.key']) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('says how to use it and how to trust it', async () => {
    expect(printed).toContain(new X509Certificate(await file('clinic-ca.crt')).fingerprint256);
    for (const word of [
      'TLS_CERT=',
      'https://clinic.local:8787/',
      'Windows',
      'macOS',
      'Linux',
      'Android',
      'iOS',
    ]) {
      expect(printed).toContain(word);
    }
    expect(printed).not.toContain('PRIVATE');
  });

  it('is renewed for the same names, by the authority that the devices trust', async () => {
    const [before, authority] = [await file('hub.crt'), await file('clinic-ca.crt')];
    await run();
    expect(await file('clinic-ca.crt')).toBe(authority);
    const after = await file('hub.crt');
    expect(after).not.toBe(before);
    expect(new X509Certificate(after).subjectAltName).toBe(new X509Certificate(before).subjectAltName);
    expect(await connect('clinic.local', authority)).toBe('answered');
  });

  it.each([
    ['--name', 'a b'],
    ['--name', 'https://clinic.local'],
    ['--name', '-clinic'],
    ['--ip', '300.1.1.1'],
    ['--ip', 'clinic.local'],
    ['clinic.local', '--ip=10.0.0.1'],
    ['--port', '1'],
  ])('is not made for %s %s', async (...args) => {
    await expect(run(...args)).rejects.toThrow(expect.objectContaining({ code: 'usage.invalid' }));
  });

  it('is not made beside half an authority', async () => {
    const half = await mkdtemp(join(tmpdir(), 'fieldray-tls-'));
    await writeFile(join(half, 'clinic-ca.crt'), await file('clinic-ca.crt'));
    await expect(tlsCommand(['--dir', half], terminal)).rejects.toThrow(/only one of/);
    await rm(half, { recursive: true });
  });
});

describe('the hub', () => {
  it('knows whom its certificate is for, and until when', async () => {
    const { names, validUntil } = await readTls(paths(), Date.now());
    expect(names).toEqual(['clinic.local', '192.168.1.10', 'localhost', '127.0.0.1', '::1']);
    expect(validUntil.getTime()).toBeGreaterThan(Date.now() + 300 * 86_400_000);
  });

  it('refuses files that are missing, of different keys, nonsense, or out of date', async () => {
    const wrong = async (change: object) => readTls({ ...paths(), ...change }, Date.now());
    await expect(wrong({ key: '/nowhere' })).rejects.toThrow(/^TLS_KEY cannot be read/);
    await expect(wrong({ key: join(folder, 'clinic-ca.key') })).rejects.toThrow(/cannot be used: .*mismatch/);
    await expect(wrong({ certificate: join(folder, 'hub.key') })).rejects.toThrow(/cannot be used/);
    await expect(readTls(paths(), Date.now() + 400 * 86_400_000)).rejects.toThrow(/was valid until/);
  });

  it('is given no certificate that outlives its authority', async () => {
    const long = Date.UTC(2020, 0, 1);
    const authority = await makeAuthority(long);
    const { certificate } = await makeServer(authority, ['a.local'], long + 3600 * 86_400_000);
    const [end, most] = [certificate, authority.certificate].map((pem) =>
      Date.parse(new X509Certificate(pem).validTo),
    );
    expect(end).toBe(most);
  });
});
