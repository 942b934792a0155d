import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignInAnswer } from '../../shared/api/auth.ts';

const program = fileURLToPath(new URL('../../server/entry/node.ts', import.meta.url));

export interface HubProcess {
  /** Undefined when it ended before it was ready. */
  readonly address: string | undefined;
  readonly exitCode: Promise<number | null>;
  /** Everything it has printed so far, on both streams. */
  readonly printed: () => string;
  /** Makes the first administrator with the link that was printed, and signs in: headers for a request. */
  readonly signIn: () => Promise<{ readonly Authorization: string }>;
  /** To the hub and its children, as a terminal sends Ctrl+C. */
  readonly signal: (name: NodeJS.Signals) => void;
}

const administrator = { email: 'ada@example.org', password: 'seven lungs under glass' };

/**
 * Starts the hub as a process of its own, on a free port and with a data folder of its own unless told otherwise, and
 * waits until it is ready or has ended.
 */
export async function startHubProcess(
  environment: Readonly<Record<string, string>> = {},
): Promise<HubProcess> {
  const home = mkdtempSync(join(tmpdir(), 'fieldray-hub-'));
  const env = {
    ...process.env,
    PORT: '0',
    INFERENCE_CHILDREN: '1',
    DATA_DIR: join(home, 'data'),
    ...environment,
  };
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
    // The link for the first administrator comes before the models are ready.
    const [, address] = /^(?:Open|The page has not been built.*) (https?:\/\/\S+?:\d+\/)/m.exec(text) ?? [];
    if (address !== undefined) ready.resolve(address);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  child.on('close', (code) => {
    rmSync(home, { recursive: true, force: true });
    ready.resolve(undefined);
    ended.resolve(code);
  });
  const address = await ready.promise;

  async function post(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${address}api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  return {
    address,
    async signIn() {
      const token = /setup#([\w-]+)/.exec(text)?.[1];
      await post('setup', { ...administrator, token, clinic: 'Test clinic' });
      const { accessToken } = SignInAnswer.parse(await post('login', administrator));
      return { Authorization: `Bearer ${accessToken}` };
    },
    exitCode: ended.promise,
    printed: () => text,
    signal: (name) => void process.kill(-child.pid!, name),
  };
}
