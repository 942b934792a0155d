import { AppError } from '../../shared/kernel/errors.ts';
import { createGroupQueue } from '../../shared/kernel/group-queue.ts';
import type { Statement } from './database.ts';

/** A transaction holds the event loop as long as it runs; what stands behind this much waits for the next one. */
const mostStatements = 1000;

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

type Outcome = 'written' | { readonly error: unknown };

/**
 * The one queue in front of the writer: what waits together is committed together. When a group fails, its members are
 * tried one by one, so that nobody fails for another's statement; a full disk fails them all at once.
 */
export function createGroupCommit({ commit, isCertain, breathe }: GroupCommitOptions): GroupCommit {
  let isClosed = false;
  const queue = createGroupQueue<readonly Statement[], Outcome>({
    run: commitGroup,
    sizeOf: (statements) => statements.length,
    mostSize: mostStatements,
    breathe,
  });

  async function commitGroup(group: readonly (readonly Statement[])[]): Promise<readonly Outcome[]> {
    try {
      await commit(group.flat());
      return group.map(() => 'written');
    } catch (error) {
      const isFull = error instanceof AppError && error.code === 'storage.full';
      if (group.length === 1 || isFull || !isCertain(error)) return group.map(() => ({ error }));
      const outcomes: Outcome[] = [];
      for (const member of group) outcomes.push(...(await commitGroup([member])));
      return outcomes;
    }
  }

  return {
    async write(statements) {
      if (isClosed) throw new AppError('storage.closed', 'the records are closed');
      const outcome = await queue.submit(statements);
      if (outcome !== 'written') throw outcome.error;
    },
    async close() {
      isClosed = true;
      await queue.idle();
    },
  };
}
