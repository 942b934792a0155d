import { createApp } from '../../server/app.ts';
import type { AppDeps } from '../../server/deps.ts';
import { createRequestLog } from '../../server/log.ts';
import { aModelStatus, fakePool } from './fake-pool.ts';

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
    ...changes,
  });
  return { app, logged };
}

export function upload(file: File | string = new File(['pixels'], 'film.png'), field = 'file'): RequestInit {
  const body = new FormData();
  body.append(field, file);
  return { method: 'POST', body };
}
