import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('blob-hub-child.ts', import.meta.url));

/** A hub that is killed without notice and started again on the same folder, with what its memory came to. */
export class KillableHub {
  port = 0;
  kills = 0;
  /** The largest of all lives, in bytes beyond what a life began with. */
  growthBytes = 0;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #startBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [program, this.#folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('exit', () => reject(new Error('the hub ended before it listened')));
    this.port = Number(await promise);
    this.#startBytes = await this.#bytes('VmRSS');
  }

  /** As a loss of power does it to a process. */
  async kill(): Promise<void> {
    await this.measure();
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    this.kills += 1;
  }

  async measure(): Promise<void> {
    const most = await this.#bytes('VmHWM');
    this.growthBytes = Math.max(this.growthBytes, most - this.#startBytes);
  }

  /** From the kernel: what a process says of itself could not be asked of a killed one. */
  async #bytes(field: 'VmRSS' | 'VmHWM'): Promise<number> {
    if (process.platform !== 'linux' || this.#child?.pid === undefined) return 0;
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  }
}
