import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { InStatement } from '@libsql/client';
import { createAccounts } from '../../../server/auth/create-accounts.ts';
import { openHubLog } from '../../../server/entry/open-hub-log.ts';
import { createKeyVault } from '../../../server/keys/key-vault.ts';
import { masterKey } from '../../../server/keys/master-key.ts';
import { nodeCrypto } from '../../../server/keys/node-crypto.ts';
import { createPace } from '../../../server/http/pace.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { openFileOnThread } from '../../../server/store/open-file.ts';
import { noLimits, quickArgon2id } from '../../hub/accounts-hub.ts';
import { hubApp } from '../../hub/hub-app.ts';
import { type AskHub, askHub } from '../../hub-log/load/ask-hub.ts';
import { loadPassword, signInDevice, type SignedInDevice } from '../../hub-log/load/signed-in-device.ts';

/**
 * The hub without its network: `app.fetch` on the production store in a file on a real disk. Only passwords are hashed
 * quickly, because a thousand clients sign in first.
 */
export interface BenchHub {
  readonly ask: AskHub;
  /** A POST of JSON that was written before; the answer's text. */
  readonly post: (path: string, text: string, accessToken: string) => Promise<string>;
  /** What was committed so far, batch by batch. */
  readonly batches: readonly (readonly InStatement[])[];
  readonly busy: () => number;
  readonly signIn: (number: number) => Promise<SignedInDevice>;
  readonly administrator: SignedInDevice;
  close(): Promise<void>;
}

const origin = 'http://127.0.0.1:8787';
const admin = { email: 'admin@example.org', password: loadPassword };
const doctor = { email: 'doctor@example.org', password: loadPassword };

function seedOf(number: number): Uint8Array {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number + 1);
  return seed;
}

/** @param folder an empty one; the file in it is `records.db` */
export async function openBenchHub(folder: string, isRecording = true): Promise<BenchHub> {
  const batches: (readonly InStatement[])[] = [];
  let busy = 0;
  const counted = async <Result>(running: Promise<Result>): Promise<Result> => {
    try {
      return await running;
    } catch (error) {
      if (String(error).includes('SQLITE_BUSY')) busy++;
      throw error;
    }
  };
  const database = await openFileOnThread(join(folder, 'records.db'), (client) => ({
    execute: (statement) => counted(client.execute(statement)),
    close: () => client.close(),
    batch(statements, mode) {
      if (isRecording) batches.push(statements);
      return counted(client.batch(statements, mode));
    },
  }));
  await migrate(database);
  const vault = createKeyVault([masterKey(randomBytes(32))], randomBytes(32));
  const hubLog = await openHubLog(database, vault);
  const accounts = createAccounts(
    {
      database,
      hubLog,
      sealer: vault,
      logCrypto: nodeCrypto,
      now: () => Date.now(),
      random: (bytes) => randomBytes(bytes),
      newId: () => crypto.randomUUID(),
    },
    { registration: 'closed', argon2id: quickArgon2id, limits: noLimits },
  );
  const { app } = hubApp({
    accounts,
    hubLog,
    auditLog: hubLog.audit,
    authenticate: accounts.sessions.authenticate,
    pace: createPace({ now: () => performance.now(), nextTurn: () => setImmediate() }),
    newRequestId: () => crypto.randomUUID(),
    now: () => performance.now(),
    wallClock: () => new Date(),
  });
  const ask = askHub(origin, (request) => app.fetch(request));

  await accounts.clinics.found('A clinic', { ...admin, role: 'admin' });
  const administrator = await signInDevice(ask, admin, seedOf(0));
  await accounts.users.add(administrator, { ...doctor, role: 'doctor' });
  return {
    ask,
    batches,
    administrator,
    busy: () => busy,
    signIn: (number) => signInDevice(ask, doctor, seedOf(number + 1)),
    async post(path, text, accessToken) {
      // With a length, as every client sends it over a network.
      const headers = {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(text)),
        Authorization: `Bearer ${accessToken}`,
      };
      const response = await app.request(`${origin}/api/v1${path}`, { method: 'POST', headers, body: text });
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.text();
    },
    async close() {
      await hubLog.close();
      await database.close();
    },
  };
}

/** A folder on the disk of the working tree: the system's folder for temporary files may lie in memory. */
export async function benchFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(process.cwd(), '.cache', 'bench-'));
  return { path, remove: () => rm(path, { recursive: true }) };
}
