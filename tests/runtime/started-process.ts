import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A program of the project's own `node_modules`. */
export const installed = (name: string): string => `${projectRoot}node_modules/.bin/${name}`;

export interface StartedProcess {
  /** Where it said that it listens, without a slash at the end. */
  readonly origin: string;
  /** Everything it has printed so far, on both streams. */
  readonly printed: () => string;
  /** Ends it with its children, whatever they are doing. */
  stop(): Promise<void>;
}

/**
 * Starts a server and waits until it has said where it listens and answers there.
 * @throws Error with what it printed, when it ends before that
 */
export async function startProcess(options: {
  readonly program: string;
  readonly args: readonly string[];
  /** In addition to this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints when it listens; the first group is the port, or else `port` holds. */
  readonly listens: RegExp;
  readonly port?: number;
  /** Any answer at this path means that it is up. */
  readonly probe: string;
}): Promise<StartedProcess> {
  const { program, args, env, listens, probe } = options;
  const child = spawn(program, args, {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that its children end with it.
    detached: true,
  });
  const ended = once(child, 'close');
  let text = '';
  const port = Promise.withResolvers<string>();
  const take = (chunk: string): void => {
    text += chunk;
    const said = listens.exec(text);
    if (said !== null) port.resolve(said[1] ?? String(options.port));
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const died = ended.then(([code]) => {
    throw new Error(`${program} ended with ${String(code)}:\n${text}`);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    await ended;
  };
  try {
    const origin = `http://127.0.0.1:${await Promise.race([port.promise, died])}`;
    const isUp = (): Promise<boolean> =>
      fetch(`${origin}${probe}`, { signal: AbortSignal.timeout(20_000) }).then(
        async (answer) => {
          await answer.body?.cancel();
          return true;
        },
        () => false,
      );
    while (!(await Promise.race([isUp(), died])));
    return { origin, printed: () => text, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    died.catch(() => undefined);
  }
}
