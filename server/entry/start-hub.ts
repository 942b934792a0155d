import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Health } from '../../shared/api/health.ts';
import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { InferencePool, ModelStatus } from '../inference/pool-api.ts';
import { createRequestLog } from '../log.ts';
import { programVersion } from '../program-version.ts';
import { listen } from './listen.ts';
import { pageFiles } from './page-files.ts';
import { modelLine, readyLines, rejectedLines } from './start-text.ts';
import { stopServer } from './stop-server.ts';

export interface Hub {
  readonly address: string;
  /** Not ready, drain, stop: requests under way are answered. */
  stop(): Promise<void>;
}

/**
 * Listens first, so that an address in use is told at once, then waits for the models.
 * @throws AppError `usage.invalid` when the address cannot be had, `model.*` when the models cannot be used
 */
export async function startHub(
  config: Config,
  pool: InferencePool,
  print: (line: string) => void,
): Promise<Hub> {
  let status: Health['status'] = 'starting';
  let models: readonly ModelStatus[] = [];
  const page = pageFiles();
  const app = createApp({
    pool,
    readiness: { status: () => status, models: () => models },
    log: createRequestLog(print),
    version: programVersion,
    maxUploadBytes: config.maxUploadBytes,
    newRequestId: () => crypto.randomUUID(),
    now: () => performance.now(),
    wallClock: () => new Date(),
    ...(page === undefined ? {} : { page }),
  });
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  const stop = async (): Promise<void> => {
    status = 'stopping';
    await stopServer(server);
    await pool.close();
  };

  try {
    const address = await listen(server, config);
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
