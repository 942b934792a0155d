import type { Hono } from 'hono';
import { createApp } from '../app.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { createRequestLog } from '../log.ts';
import { programVersion } from '../program-version.ts';
import type { Records } from './compose-records.ts';

/** What differs between hosts. */
export interface Host extends Pick<
  AppDeps,
  | 'pool'
  | 'readiness'
  | 'maxUploadBytes'
  | 'clientAddress'
  | 'hostNames'
  | 'publicOrigin'
  | 'overTls'
  | 'pace'
  | 'page'
> {
  /** Given each line of the log. */
  readonly print: (line: string) => void;
}

/** The hub's app on its records, on any host. */
export function appOnRecords({ accounts, hubLog, blobs }: Records, { print, ...host }: Host): Hono<AppEnv> {
  return createApp({
    ...host,
    log: createRequestLog(print),
    version: programVersion,
    newRequestId: () => crypto.randomUUID(),
    now: () => performance.now(),
    wallClock: () => new Date(),
    accounts,
    hubLog,
    auditLog: hubLog.audit,
    blobs,
    authenticate: accounts.sessions.authenticate,
    denied: ({ member, endpoint }) =>
      accounts.denials.note({
        clinic: member.clinic,
        actor: member.userId,
        who: member.userId,
        why: endpoint,
      }),
  });
}
