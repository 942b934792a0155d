import { AppError } from '../../shared/kernel/errors.ts';
import type { Statement } from './database.ts';

/** A transaction holds the event loop as long as it runs; what stands behind this much waits for the next one. */
const mostStatements = 1000;

interface Waiting {
  readonly statements: readonly Statement[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommit {
  write(statements: readonly Statement[]): Promise<void>;
  /** Resolves when nothing waits any more; what comes later is refused. */
  close(): Promise<void>;
}

export interface GroupCommitOptions {
  /** All or nothing. */
  readonly commit: (statements: readonly Statement[]) => Promise<void>;
  /** Whether a failed commit certainly changed nothing; otherwise its members are not tried again. */
  readonly isCertain: (error: unknown) => boolean;
  /** Lets the rest of the program run between two groups, and callers join the next one. */
  readonly breathe: () => Promise<void>;
}

/**
 * The one queue in front of the writer: what waits together is committed together. When a group fails, its members are
 * tried one by one, so that nobody fails for another's statement; a full disk fails them all at once.
 */
export function createGroupCommit({ commit, isCertain, breathe }: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let isClosed = false;

  function takeGroup(): Waiting[] {
    let statements = 0;
    let count = 0;
    for (const member of waiting) {
      statements += member.statements.length;
      if (count > 0 && statements > mostStatements) break;
      count++;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await commit(group.flatMap(({ statements }) => statements));
      for (const { resolve } of group) resolve();
    } catch (error) {
      const isFull = error instanceof AppError && error.code === 'storage.full';
      if (group.length === 1 || isFull || !isCertain(error)) {
        for (const { reject } of group) reject(error);
      } else {
        for (const member of group) await commitGroup([member]);
      }
    }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await breathe();
      await commitGroup(takeGroup());
    }
    running = undefined;
  }

  return {
    write(statements) {
      if (isClosed) return Promise.reject(new AppError('storage.closed', 'the records are closed'));
      return new Promise((resolve, reject) => {
        waiting.push({ statements, resolve, reject });
        running ??= run();
      });
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}
