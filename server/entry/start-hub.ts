import { setImmediate } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Health } from '../../shared/api/health.ts';
import type { Config } from '../config.ts';
import { freeBytes } from '../blobs/free-room.ts';
import { clientAddress } from '../http/client-address.ts';
import { createPace } from '../http/pace.ts';
import type { InferencePool, ModelStatus } from '../inference/pool-api.ts';
import { serveOperator } from '../operator/operator-socket.ts';
import { programVersion } from '../program-version.ts';
import { appOnRecords } from './app-on-records.ts';
import { readTls } from '../tls/read-tls.ts';
import { createServer } from './create-server.ts';
import { hostNames } from './host-names.ts';
import { listen } from './listen.ts';
import { openRecords } from './open-records.ts';
import { operatorOf } from './operator-of.ts';
import { pageFiles } from './page-files.ts';
import { certificateLines, modelLine, readyLines, rejectedLines, setupLines } from './start-text.ts';
import { stopServer } from './stop-server.ts';

/** With less, the next commit may be the one that fails; asked anew each time, so that it heals by itself. */
const leastFreeBytes = 4 * 1024 * 1024;

export interface Hub {
  readonly address: string;
  /** Not ready, drain, stop: requests under way are answered. */
  stop(): Promise<void>;
}

/**
 * Opens the records and listens, so that an address in use is told at once, then waits for the models.
 * @throws AppError `storage.*` when the records cannot be opened, `usage.invalid` when the address or the certificate cannot be had, `model.*` when the models cannot be used
 */
export async function startHub(
  config: Config,
  pool: InferencePool,
  print: (line: string) => void,
): Promise<Hub> {
  let status: Health['status'] = 'starting';
  let models: readonly ModelStatus[] = [];
  const page = pageFiles();
  const tls = config.tls === undefined ? undefined : await readTls(config.tls, Date.now());
  const records = await openRecords(config, print);
  const { accounts } = records;
  const app = appOnRecords(records, {
    pool,
    readiness: {
      status: () => (status === 'ok' && freeBytes(config.dataDir) < leastFreeBytes ? 'full' : status),
      models: () => models,
    },
    print,
    maxUploadBytes: config.maxUploadBytes,
    pace: createPace({ now: () => performance.now(), nextTurn: () => setImmediate() }),
    hostNames: hostNames(config, tls),
    ...(config.publicOrigin !== undefined && { publicOrigin: config.publicOrigin }),
    clientAddress: (c) =>
      clientAddress(getConnInfo(c).remote.address, c.req.header('x-forwarded-for'), config.trustedProxies),
    overTls: tls !== undefined || config.publicOrigin?.startsWith('https:') === true,
    ...(page === undefined ? {} : { page }),
  });
  const answer = getRequestListener(app.fetch);
  const server = createServer(tls, (request, response) => void answer(request, response));
  let operatorSocket: { close(): Promise<void> } | undefined;
  const stop = async (): Promise<void> => {
    status = 'stopping';
    await stopServer(server);
    await operatorSocket?.close();
    await pool.close();
    await records.close();
  };

  try {
    const address = await listen(server, config, tls);
    for (const line of certificateLines(tls, Date.now())) print(line);
    operatorSocket = await serveOperator(config.dataDir, operatorOf(records));
    const setupToken = await accounts.users.openSetup();
    // One that was given is known to whoever gave it, and does not belong into a log.
    if (setupToken !== undefined && config.setupToken === undefined)
      for (const line of setupLines(config.publicOrigin ?? address, setupToken)) print(line);
    print(`Fieldray ${programVersion}: checking the models…`);
    models = await pool.ready();
    status = 'ok';
    const lines = [...models.map(modelLine), ...models.flatMap(rejectedLines)];
    for (const line of [...lines, ...readyLines(address, config, pool.size, page !== undefined)]) print(line);
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
