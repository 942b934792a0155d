import { createApp } from '../../server/app.ts';
import type { Accounts } from '../../server/auth/accounts-api.ts';
import type { AppDeps, SignedIn } from '../../server/deps.ts';
import { createR2Store } from '../../server/blobs/r2-store.ts';
import { createRequestLog } from '../../server/log.ts';
import { memoryBucket } from '../blobs/memory-bucket.ts';
import { testVault } from '../blobs/test-vault.ts';
import { fakeHubLog } from './fake-hub-log.ts';
import { aModelStatus, fakePool } from './fake-pool.ts';

/** The only one known to a hub without accounts. */
export const aDoctor: SignedIn = {
  clinic: '0b9f6c1e-8a44-4d39-9a6e-5a2f0c0f4e01',
  userId: '0b9f6c1e-8a44-4d39-9a6e-5a2f0c0f4e02',
  sessionId: '0b9f6c1e-8a44-4d39-9a6e-5a2f0c0f4e03',
  role: 'doctor',
};
const doctorsToken = 'the-doctors-token';

/** Whatever is asked of it was not meant to be asked in this test. */
function unused(name: string): never {
  const refuse = (): never => {
    throw new TypeError(`this test has no ${name}`);
  };
  return new Proxy({}, { get: () => refuse }) as never;
}

const noDatabase = {
  isShared: false,
  breathe: () => Promise.resolve(),
  read: () => Promise.reject(new TypeError('this test has no database')),
  close: () => Promise.resolve(),
};

/** The hub's app without network, clock or models, and the lines that it logged. */
export function hubApp(changes: Partial<AppDeps> = {}) {
  const logged: string[] = [];
  const app = createApp({
    pool: fakePool(),
    readiness: { status: () => 'ok', models: () => [aModelStatus] },
    log: createRequestLog((line) => logged.push(line)),
    version: '0.1.0',
    maxUploadBytes: 1000,
    newRequestId: () => 'request-1',
    now: () => 0,
    wallClock: () => new Date(0),
    accounts: {
      sessions: unused('sessions'),
      users: unused('users'),
      devices: unused('devices'),
      clinics: unused('clinics'),
      bundleKeys: unused('bundle keys'),
    } satisfies Accounts,
    authenticate: async (token) => (token === doctorsToken ? aDoctor : undefined),
    denied: () => undefined,
    hubLog: fakeHubLog({ ...noDatabase, write: () => Promise.resolve() }),
    auditLog: unused('log to read'),
    blobs: createR2Store({ bucket: memoryBucket(() => 0), keys: testVault() }),
    hostNames: [],
    clientAddress: () => '192.0.2.1',
    overTls: false,
    ...changes,
  });
  return { app, logged };
}

/** What the one who is known sends along. */
export const asDoctor = { Authorization: `Bearer ${doctorsToken}` };

export function upload(
  file: File | string = new File(['pixels'], 'film.png'),
  field = 'file',
): RequestInit & { headers: Record<string, string> } {
  const body = new FormData();
  body.append(field, file);
  return { method: 'POST', body, headers: asDoctor };
}
