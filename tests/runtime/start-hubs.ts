import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../server/store/migrate.ts';
import { openRemote } from '../../server/store/open-remote.ts';
import { startSqld } from '../hub-log/start-sqld.ts';
import type { HubUnderTest } from './stage.ts';
import { installed, projectRoot, startProcess, type StartedProcess } from './started-process.ts';

/** The hub's three entries as they are started for real, each over an empty database. */

const probe = '/api/v1/health/';
const setupToken = randomBytes(32).toString('base64url');
const secrets = {
  MASTER_KEY: randomBytes(32).toString('base64'),
  SETUP_TOKEN: setupToken,
};

type Settings = Readonly<Record<string, string>>;
type Start = (folder: string, settings: Settings) => Promise<StartedProcess>;

/** A libSQL server with the schema of this program. */
export async function migratedServer(): ReturnType<typeof startSqld> {
  const server = await startSqld();
  const database = openRemote(server);
  await migrate(database);
  await database.close();
  return server;
}

/** Whatever was begun is ended, in the other order. */
async function startHub(start: Start, on: 'file' | 'server'): Promise<HubUnderTest> {
  const endings: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.toReversed()) await end();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'fieldray-hub-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    const settings: Record<string, string> = { ...secrets, PORT: '0' };
    if (on === 'server') {
      const server = await migratedServer();
      endings.push(() => server.stop());
      settings['LIBSQL_URL'] = server.url;
    }
    const hub = await start(folder, settings);
    endings.push(() => hub.stop());
    return { ...hub, setupToken, settings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Its models are checked before it says where it listens. */
const node: Start = (folder, settings) =>
  startProcess({
    program: process.execPath,
    args: ['server/entry/node.ts'],
    env: { INFERENCE_CHILDREN: '1', DATA_DIR: join(folder, 'data'), ...settings },
    listens: /http:\/\/\S+?:(\d+)\//,
    probe,
  });

const denoOptions =
  'run --allow-env --allow-net --allow-read --allow-write --no-prompt --no-remote --no-lock --node-modules-dir=manual';

const deno: Start = (folder, settings) =>
  startProcess({
    program: installed('deno'),
    args: [...denoOptions.split(' '), 'server/entry/deno.ts'],
    env: {
      DENO_NO_UPDATE_CHECK: '1',
      DENO_DIR: `${projectRoot}.cache/deno`,
      NO_COLOR: '1',
      DATA_DIR: folder,
      ...settings,
    },
    listens: /listens at http:\/\/\S+?:(\d+)\//,
    probe,
  });

/** Nothing is asked of Cloudflare, and nothing told. */
export const quietWrangler = (folder: string): Settings => ({
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_LOG_PATH: folder,
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  FORCE_COLOR: '0',
});

/** In workerd, bundled as for a deployment. */
const workers: Start = (folder, settings) => {
  const variables = Object.entries(settings).map(([name, value]) => `--var=${name}:${value}`);
  const options = ['--local', '--ip=127.0.0.1', '--port=0', '--inspector-port=0', `--persist-to=${folder}`];
  return startProcess({
    program: installed('wrangler'),
    args: ['dev', ...options, '--show-interactive-dev-session=false', ...variables],
    env: quietWrangler(folder),
    listens: /Ready on http:\/\/\S+?:(\d+)/,
    fails: /\[ERROR\]/,
    probe,
  });
};

export const startOnNodeWithFile = (): Promise<HubUnderTest> => startHub(node, 'file');
export const startOnNode = (): Promise<HubUnderTest> => startHub(node, 'server');
export const startOnDeno = (): Promise<HubUnderTest> => startHub(deno, 'server');
export const startOnWorkers = (): Promise<HubUnderTest> => startHub(workers, 'server');
