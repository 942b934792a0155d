import { AppError } from '../../shared/kernel/errors.ts';
import type { DeviceTables } from '../../shared/log/device-tables.ts';
import type { Dice } from '../property/dice.ts';
import type { Disk } from './disk.ts';
import type { Faults } from './faults.ts';
import type { Rules } from './rules.ts';
import type { Life, Scheduler } from './scheduler.ts';

interface FaultyTablesParts {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly faults: Faults;
  readonly rules: Rules;
  /** The program that asks: one of several, perhaps, on this disk. */
  readonly life: Life;
}

type Call = (...args: unknown[]) => Promise<unknown>;

/**
 * A disk as one program sees it: before each call others go on, or the program dies; after a commit too; and there may be no
 * room.
 */
export function faultyTables(
  disk: Disk,
  { scheduler, dice, faults, rules, life }: FaultyTablesParts,
): DeviceTables {
  async function commit(...[changes, version]: Parameters<DeviceTables['commit']>): Promise<boolean> {
    await scheduler.wait(life, dice.int(0, 3), 'commits');
    if (faults.strikes('device full', 0.006)) throw new AppError('storage.full', 'no room on this device');
    const check = await rules.beforeCommit(life.name, disk.tables, changes);
    const done = await disk.commit(changes, version);
    if (done) check();
    await scheduler.wait(life, dice.int(0, 3), 'has committed');
    return done;
  }
  return new Proxy(disk.tables, {
    get(target, name: keyof DeviceTables) {
      if (name === 'commit') return commit;
      const read = target[name] as unknown as Call;
      return async (...args: unknown[]): Promise<unknown> => {
        await scheduler.wait(life, 0, name);
        return read.apply(target, args);
      };
    },
  });
}
