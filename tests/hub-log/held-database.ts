import type { Database } from '../../server/store/database.ts';

/** A database whose commits wait, and whose next commit or question can fail, as the test says. */
export interface HeldDatabase {
  readonly database: Database;
  /** From now on commits wait until they are let go. */
  hold(): void;
  letGo(): void;
  /** The next commit is done, and its reply and that to the next question for a checkpoint are lost. */
  loseReply(): void;
  /** The next commit fails, and nothing is done. */
  failCommit(): void;
}

export function heldDatabase(inner: Database, isShared: boolean): HeldDatabase {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  let losesReply = false;
  let losesAnswer = false;
  let fails = false;
  return {
    hold: () => void (gate = Promise.withResolvers<void>()),
    letGo: () => gate.resolve(),
    loseReply: () => void (losesReply = true),
    failCommit: () => void (fails = true),
    database: {
      ...inner,
      isShared,
      async write(statements) {
        await gate.promise;
        if (fails) {
          fails = false;
          throw Object.assign(new Error('the disk is broken'), { code: 'SQLITE_IOERR' });
        }
        await inner.write(statements);
        if (!losesReply) return;
        losesReply = false;
        losesAnswer = true;
        throw new Error('the reply was lost');
      },
      async read(statement, often) {
        if (losesAnswer && statement.sql.startsWith('SELECT sig')) {
          losesAnswer = false;
          throw new Error('no answer');
        }
        return inner.read(statement, often);
      },
    },
  };
}
