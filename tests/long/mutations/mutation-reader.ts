import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Mutant, MutantReport } from './mutation-child.ts';

const program = fileURLToPath(new URL('./mutation-child.ts', import.meta.url));
/** After so many files the peak of a process says little about the next one. */
const mutantsPerProcess = 250;
const hangMs = 20_000;

export interface MutationReader {
  /** Rejects with the reason when the file killed the process or hung it. */
  report(mutant: Mutant): Promise<MutantReport>;
  close(): void;
}

/**
 * Mutants in a process of their own, so that a death is seen and charged to its file.
 * @param folder whose files are mutated instead of the campaign's
 */
export function startMutationReader(folder?: string): MutationReader {
  let child: ChildProcess | undefined;
  let read = 0;

  function renew(): ChildProcess {
    if (child !== undefined && read % mutantsPerProcess !== 0) return child;
    child?.kill();
    child = fork(program, folder === undefined ? [] : [folder], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    });
    return child;
  }

  return {
    async report(mutant) {
      const reader = renew();
      read += 1;
      const { promise, resolve, reject } = Promise.withResolvers<MutantReport>();
      const ended = (status: number | null, signal: string | null): void => {
        child = undefined;
        reject(new Error(`the process ended with ${signal ?? `status ${status}`}`));
      };
      const timer = setTimeout(() => reader.kill('SIGKILL'), hangMs);
      reader.once('exit', ended);
      reader.once('message', resolve);
      try {
        reader.send(mutant);
        return await promise;
      } finally {
        clearTimeout(timer);
        reader.off('exit', ended);
        reader.off('message', resolve);
      }
    },
    close() {
      child?.kill();
      child = undefined;
    },
  };
}
