import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../server/entry/node.ts', import.meta.url));

export interface HubProcess {
  /** Undefined when it ended before it was ready. */
  readonly address: string | undefined;
  readonly exitCode: Promise<number | null>;
  /** Everything it has printed so far, on both streams. */
  readonly printed: () => string;
  /** To the hub and its children, as a terminal sends Ctrl+C. */
  readonly signal: (name: NodeJS.Signals) => void;
}

/** Starts the hub as a process of its own, on a free port unless told otherwise, and waits until it is ready or has ended. */
export async function startHubProcess(
  environment: Readonly<Record<string, string>> = {},
): Promise<HubProcess> {
  const env = { ...process.env, PORT: '0', INFERENCE_CHILDREN: '1', ...environment };
  const child = spawn(process.execPath, [program], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  const ready = Promise.withResolvers<string | undefined>();
  const ended = Promise.withResolvers<number | null>();
  const take = (chunk: string): void => {
    text += chunk;
    const address = /http:\/\/\S+?:\d+\//.exec(text)?.[0];
    if (address !== undefined) ready.resolve(address);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  child.on('close', (code) => {
    ready.resolve(undefined);
    ended.resolve(code);
  });
  return {
    address: await ready.promise,
    exitCode: ended.promise,
    printed: () => text,
    signal: (name) => void process.kill(-child.pid!, name),
  };
}
