import type { Hono } from 'hono';
import { portableArgon2id } from '../auth/portable-argon2.ts';
import type { BlobStore } from '../blobs/blob-store-api.ts';
import { type Config, readConfig } from '../config.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { absentPool } from '../inference/absent-pool.ts';
import { parseMasterKey } from '../keys/master-key.ts';
import type { KeyVault } from '../keys/sealer-api.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { assertMigrated } from '../store/migrate.ts';
import { openRemote } from '../store/open-remote.ts';
import { appOnRecords } from './app-on-records.ts';
import { composeRecords } from './compose-records.ts';

/** A hub on a libSQL server: accounts, sync and audit, for hosts that have no disk of their own and start no processes. */
export interface RemoteHub {
  readonly app: Hono<AppEnv>;
  /** As they were read; whoever listens goes by them, not by the environment. */
  readonly settings: Config;
  /** Writes what has been counted; to be called now and then, and before the hub stops. */
  readonly flush: () => Promise<void>;
  /** To be called every hour. */
  readonly tidy: () => Promise<void>;
}

export interface RemoteHost extends Pick<AppDeps, 'clientAddress'> {
  readonly print: (line: string) => void;
  readonly blobs: (keys: KeyVault, settings: Config) => BlobStore;
}

const tlsElsewhere =
  'TLS_CERT and TLS_KEY are for the hub on Node. Here the platform or a proxy speaks TLS (TRUSTED_PROXIES and an https PUBLIC_ORIGIN).';

type Environment = Readonly<Record<string, string | undefined>>;

function required(settings: Environment, name: string): string {
  const value = settings[name];
  if (value === undefined || value === '') throw new AppError('usage.invalid', `${name} must be set here.`);
  return value;
}

/**
 * Several may open the same records at the same time, and each stays usable when the others end without notice.
 * @param environment LIBSQL_URL and MASTER_KEY are required; settings and secrets are those of `config.ts`
 * @throws AppError `usage.invalid`, `storage.older`, `storage.newer`, `storage.sealed`
 */
export async function openRemoteHub(environment: Environment, host: RemoteHost): Promise<RemoteHub> {
  const config = readConfig({
    ...environment,
    LIBSQL_URL: required(environment, 'LIBSQL_URL'),
  });
  // The guard of `HOST` counts on it, and nobody here would speak TLS.
  if (config.tls !== undefined) throw new AppError('usage.invalid', tlsElsewhere);
  const { libsql, registration, publicOrigin, setupToken, maxUploadBytes, masterKeyOld } = config;
  const present = parseMasterKey(required(environment, 'MASTER_KEY'), 'MASTER_KEY');
  const old = (masterKeyOld ?? []).map((text) => parseMasterKey(text, 'MASTER_KEY_OLD'));
  const database = openRemote(libsql!);
  await assertMigrated(database);
  const records = await composeRecords(database, {
    registration,
    argon2id: portableArgon2id,
    keys: async () => [present, ...old],
    blobs: (vault) => host.blobs(vault, config),
    ...(setupToken === undefined ? {} : { setupToken }),
  });
  // A token that was given counts only once the set-up is open.
  await records.accounts.users.openSetup();
  const app = appOnRecords(records, {
    print: host.print,
    clientAddress: host.clientAddress,
    hostNames: publicOrigin === undefined ? [] : [new URL(publicOrigin).hostname],
    ...(publicOrigin === undefined ? {} : { publicOrigin }),
    pool: absentPool,
    readiness: { status: () => 'ok', models: () => [] },
    maxUploadBytes,
    overTls: publicOrigin?.startsWith('https:') ?? false,
  });
  return { app, settings: config, flush: () => records.accounts.denials.flush(), tidy: () => records.tidy() };
}
