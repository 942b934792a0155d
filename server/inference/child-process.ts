import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AppError, isErrorCode } from '../../shared/kernel/errors.ts';
import type { ChildMessage, JobMessage, SentError } from './child-protocol.ts';
import type { ModelStatus, ReadJob, ReadReply } from './pool-api.ts';

const program = fileURLToPath(new URL('./child.ts', import.meta.url));

export interface InferenceChild {
  /** Rejects with `model.*` when the models cannot be used, `inference.worker-died` when the process ends first. */
  readonly ready: Promise<readonly ModelStatus[]>;
  /** One job at a time. Rejects with the job's error, `inference.timeout` or `inference.worker-died`. */
  run(job: ReadJob, timeoutMs: number): Promise<ReadReply>;
  /** False once the process has ended or was told to. */
  alive(): boolean;
  /** Resident memory when it last answered. */
  rssBytes(): number;
  stop(): void;
}

interface OpenJob {
  readonly id: number;
  readonly resolve: (reply: ReadReply) => void;
  readonly reject: (error: AppError) => void;
}

const received = ({ code, message }: SentError): AppError =>
  new AppError(isErrorCode(code) ? code : 'server.internal', message);

export function startChild(modelsDir: string): InferenceChild {
  const child: ChildProcess = fork(program, [modelsDir], {
    serialization: 'advanced',
    // Standard output belongs to the results.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  // Below the process that answers people: it must not wait for a core.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const ready = Promise.withResolvers<readonly ModelStatus[]>();
  ready.promise.catch(() => undefined);
  let open: OpenJob | undefined;
  let alive = true;
  let rss = 0;
  let nextId = 1;

  function died(reason: string): void {
    if (!alive) return;
    alive = false;
    const error = new AppError('inference.worker-died', reason);
    ready.reject(error);
    open?.reject(error);
    open = undefined;
  }

  child.on('exit', (exitCode, signal) => died(`the process ended with ${signal ?? `status ${exitCode}`}`));
  child.on('error', (cause) => died(cause.message));
  child.on('message', (message: ChildMessage) => {
    if (message.kind === 'ready') return ready.resolve(message.models);
    if (message.kind === 'failed-to-start') {
      ready.reject(received(message.error));
      alive = false;
      child.kill();
      return;
    }
    rss = message.rssBytes;
    if (open?.id !== message.id) return;
    const { resolve, reject } = open;
    open = undefined;
    if (message.kind === 'reply') resolve(message.reply);
    else reject(received(message.error));
  });

  return {
    ready: ready.promise,
    alive: () => alive,
    rssBytes: () => rss,
    stop() {
      died('the process was stopped');
      child.kill('SIGKILL');
    },
    run(job, timeoutMs) {
      if (open !== undefined) throw new TypeError('a child reads one image at a time');
      if (!alive) return Promise.reject(new AppError('inference.worker-died', 'the process has ended'));
      const { promise, resolve, reject } = Promise.withResolvers<ReadReply>();
      const id = nextId;
      nextId += 1;
      open = { id, resolve, reject };
      const timer = setTimeout(() => {
        open = undefined;
        reject(new AppError('inference.timeout', `no answer after ${timeoutMs} ms`));
        alive = false;
        child.kill('SIGKILL');
      }, timeoutMs);
      child.send({ id, job } satisfies JobMessage);
      return promise.finally(() => clearTimeout(timer));
    },
  };
}
