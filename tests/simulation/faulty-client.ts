import type { LibsqlClient } from '../../server/store/libsql-database.ts';
import type { Dice } from '../property/dice.ts';
import type { Faults } from './faults.ts';
import type { Life, Scheduler } from './scheduler.ts';

interface FaultyClientParts {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly faults: Faults;
  /** The process that asks: it can die before a commit, or after it and before it learns of it. */
  readonly life: Life;
}

/** A libSQL client whose calls are places where the world goes on, its process dies, or the disk is full. */
export function faultyClient(inner: LibsqlClient, parts: FaultyClientParts): LibsqlClient {
  const { scheduler, dice, faults, life } = parts;
  return {
    async execute(...args: Parameters<LibsqlClient['execute']>) {
      await scheduler.wait(life, 0, 'reads');
      return inner.execute(...args);
    },
    async batch(...args: Parameters<LibsqlClient['batch']>) {
      await scheduler.wait(life, dice.int(0, 3), 'commits');
      if (faults.strikes('hub disk full', 0.004)) {
        throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      }
      const results = await inner.batch(...args);
      await scheduler.wait(life, dice.int(0, 3), 'has committed');
      return results;
    },
    close: () => undefined,
  };
}
