import { AppError } from '../../shared/kernel/errors.ts';
import { isUnreadable } from '../data/stored-failure.ts';
import type { VaultStore } from '../data/vault-store.ts';
import type { DamagedStore } from '../engine/records-api.ts';
import type { OpenTables, RecordsParts } from './open-records.ts';

export interface DamageWatch {
  /** As the given ones; what their tables throw is looked at. */
  readonly openTables: OpenTables;
  /** What is wrong with what lies here; looks at it once. @param hasVault whether it could be opened */
  current(hasVault: boolean): Promise<DamagedStore | undefined>;
  /** Until the records are made anew, also in other windows and after a restart. */
  mark(): Promise<void>;
  /** They have been made anew, or looked at with the key. */
  forget(): void;
}

type Found = 'held' | 'empty' | 'damaged' | 'unknown';

const itemName = 'damage';
/** Failures that may pass, before they are taken for damage although the store looks sound. */
const mostFailures = 3;

/** What was noted of damage in the vault's store, where it survives the records. */
export const forgetMark = (store: VaultStore): Promise<void> => store.update(itemName, () => undefined);

/** Notices when what this device keeps is gone or damaged: at the start, and whenever it cannot be read. */
export function damageWatch(
  { vaultStore, home, openTables }: Pick<RecordsParts, 'vaultStore' | 'home' | 'openTables'>,
  changed: () => void,
): DamageWatch {
  let found: Promise<Found> | undefined;
  let failures = 0;

  async function look(): Promise<Found> {
    try {
      return await home.look();
    } catch (error) {
      return isDamage(error) || isUnreadable(error) ? 'damaged' : 'unknown';
    }
  }

  async function mark(): Promise<void> {
    await vaultStore.update(itemName, () => true).catch(() => undefined);
    found = Promise.resolve('damaged');
    changed();
  }

  async function notice(error: unknown): Promise<void> {
    if (!(error instanceof AppError) || !error.code.startsWith('storage.')) return;
    if (isDamage(error)) return mark();
    if (error.code !== 'storage.unavailable') return;
    if (isUnreadable(error)) failures++;
    const seen = await look();
    if (failures >= mostFailures || seen === 'damaged') return mark();
    if (seen !== 'empty') return;
    found = undefined;
    changed();
  }

  /** Each method of it, with an eye on what it throws. */
  function watched<Part extends object>(part: Part): Part {
    const methods = Object.entries(part) as [string, (...given: unknown[]) => Promise<unknown>][];
    const eyed = methods.map(([name, method]) => [
      name,
      (...given: unknown[]) =>
        method(...given).catch((error: unknown) => {
          void notice(error);
          throw error;
        }),
    ]);
    return Object.fromEntries(eyed) as Part;
  }

  return {
    async openTables(sealer, identity) {
      try {
        const opened = await openTables(sealer, identity);
        // What is kept when the rest is made anew is no reason to make it so.
        return { ...opened, tables: watched(opened.tables), shorts: watched(opened.shorts) };
      } catch (error) {
        void notice(error);
        throw error;
      }
    },
    async current(hasVault) {
      if ((await vaultStore.get(itemName).catch(() => undefined)) === true) return 'records-damaged';
      found ??= look();
      const state = await found;
      // Somebody may just be making it.
      if (state === 'empty') found = undefined;
      if (!hasVault) return state === 'held' || state === 'damaged' ? 'vault-gone' : undefined;
      if (state === 'empty') return 'records-gone';
      return state === 'damaged' ? 'records-damaged' : undefined;
    },
    mark,
    forget() {
      found = undefined;
      failures = 0;
    },
  };
}

function isDamage(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'storage.damaged' || error.code === 'storage.sealed');
}
