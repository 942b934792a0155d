import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AskHub, askHub } from '../load/ask-hub.ts';

const program = fileURLToPath(new URL('hub-under-test.ts', import.meta.url));

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new TypeError('a port is a number');
  return address.port;
}

/** One life of a hub's process. */
export interface HubLife {
  readonly ask: AskHub;
  /** From the start of the process to the first answer, in ms; `cpuMs` is what the process itself has computed by then. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly printed: () => string;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
}

const ticksPerSecond = 100;

/** User and system time of a process (proc(5), fields 14 and 15). */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** @param isReady asked again and again until it says so */
export async function startLife(
  environment: Readonly<Record<string, string>>,
  isReady: (ask: AskHub) => Promise<boolean>,
): Promise<HubLife> {
  const started = performance.now();
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const take = (chunk: string): void => void (text += chunk);
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const gone = once(child, 'close');
  let isGone = false;
  void gone.then(() => (isGone = true));
  const ask = askHub(`http://127.0.0.1:${environment['PORT']}`);
  const answers = async (): Promise<boolean> => {
    try {
      return await isReady(ask);
    } catch (error) {
      // Nobody listens yet.
      if (error instanceof TypeError) return false;
      throw error;
    }
  };
  while (!(await answers())) {
    if (isGone) throw new Error(`the hub ended:\n${text}`);
    await after(5);
  }
  return {
    ask,
    wallMs: performance.now() - started,
    cpuMs: cpuMsOf(child.pid!),
    printed: () => text,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
