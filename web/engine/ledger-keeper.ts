import { begun, confirmed, counted, lacksSomething, type Ledger, noted } from '../../shared/log/ledger.ts';
import { readLedger } from '../../shared/log/read-ledger.ts';
import { createObservable, type Observable } from './observable.ts';
import type { RecordsClient } from './records-client.ts';

export const ledgerName = 'fieldray-ledger';
const lockName = 'fieldray-ledger';
/** Between two looks: a folder of films writes hundreds of entries. */
const pauseMs = 500;

export interface LedgerParts {
  readonly records: Pick<
    RecordsClient,
    'status' | 'unsynced' | 'stillMissing' | 'distrust' | 'namesakeHeardAt'
  >;
  /** Survives what befalls the database; throws where it is forbidden. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  /** While no other window does the same. */
  readonly exclusively: (name: string, work: () => Promise<void>) => Promise<void>;
  readonly pause: (milliseconds: number) => Promise<void>;
}

export interface LedgerKeeper {
  /** Undefined where nothing was ever noted. */
  readonly ledger: Observable<Ledger | undefined>;
  /** Looks without a pause: the page may be about to go, or another window has written. */
  readonly look: () => void;
  /** A person has read what was lost. */
  readonly confirmLoss: () => Promise<void>;
}

/** Keeps the ledger of what is not at the hub beside the records: after every write and every sync of any window. */
export function keepLedger({ records, storage, exclusively, pause }: LedgerParts): LedgerKeeper {
  const read = (): Ledger | undefined => {
    try {
      return readLedger(storage().getItem(ledgerName));
    } catch {
      return undefined;
    }
  };
  const ledger = createObservable(read());
  let isBusy = false;
  let isOutdated = false;

  const change = (next: (held: Ledger | undefined) => Promise<Ledger | undefined>): Promise<void> =>
    exclusively(lockName, async () => {
      const held = read();
      const changed = await next(held);
      if (changed !== undefined && changed !== held) write(changed);
      ledger.set(changed);
    });

  function write(changed: Ledger): void {
    try {
      storage().setItem(ledgerName, JSON.stringify(changed));
    } catch {
      // Forbidden or full: the records are kept all the same.
    }
  }

  /** A store that is damaged has nothing to say until it has been made anew. */
  const isSound = (): boolean => {
    const status = records.status.getSnapshot();
    return status?.vault === 'open' && status.damage === undefined;
  };

  async function next(held: Ledger | undefined): Promise<Ledger | undefined> {
    if (!isSound()) return held;
    const note = await records.unsynced();
    if (lacksSomething(held, note)) {
      await records.distrust();
      return held;
    }
    // Until everything is here, more may come.
    const isSettled = records.status.getSnapshot()?.sync.state === 'settled';
    const after = isSettled ? await asked(noted(held, note)) : noted(held, note);
    if (after.lost === undefined) return after;
    const missing = await records.stillMissing(after.lost.noted);
    return isSettled || missing.count === 0 ? counted(after, missing) : after;
  }

  /** Of a ledger that has just been begun; the hub may be out of reach again. */
  async function asked(after: Ledger): Promise<Ledger> {
    if (after.isFirst !== true) return after;
    try {
      return begun(after, await records.namesakeHeardAt());
    } catch {
      return after;
    }
  }

  async function look(): Promise<void> {
    isOutdated = true;
    if (isBusy) return;
    isBusy = true;
    try {
      while (isOutdated) {
        isOutdated = false;
        await change(next);
        await pause(pauseMs);
      }
    } catch {
      // It was locked in this moment, or its worker died: the next change of the status looks again.
    } finally {
      isBusy = false;
    }
  }

  records.status.subscribe(() => void look());
  return {
    ledger,
    look: () => void change(next).catch(() => undefined),
    confirmLoss: () => change(async (held) => held && confirmed(held)),
  };
}
