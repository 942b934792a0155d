import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DicomAnswer } from '../../fixtures/answer-dicom.ts';

const program = fileURLToPath(new URL('./answer-child.ts', import.meta.url));

export interface Answering {
  /** Rejects when the file killed the reader or was not done within `timeoutMs`; the next file gets a new reader. */
  answer(path: string, timeoutMs: number): Promise<DicomAnswer>;
  close(): Promise<void>;
}

/** Reads files in a process of their own, one after the other, so that a death or a hang is seen and charged to its file. */
export function answerInNode(): Answering {
  let child: ChildProcess | undefined;

  function start(): ChildProcess {
    const started = fork(program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    return started;
  }

  return {
    async answer(path, timeoutMs) {
      const reader = (child ??= start());
      const { promise, resolve, reject } = Promise.withResolvers<DicomAnswer>();
      const died = (status: number | null, signal: string | null): void =>
        reject(new Error(`the process ended with ${signal ?? `status ${status}`}`));
      const timer = setTimeout(() => {
        child = undefined;
        reader.kill('SIGKILL');
        reject(new Error(`nothing after ${timeoutMs} ms`));
      }, timeoutMs);
      reader.once('exit', died);
      reader.once('message', resolve);
      try {
        reader.send(path);
        return await promise;
      } finally {
        clearTimeout(timer);
        reader.off('exit', died);
        reader.off('message', resolve);
      }
    },
    async close() {
      child?.kill();
    },
  };
}
