import { createObservable, type Observable } from './observable.ts';
import type { DeskApi } from './desk-api.ts';
import { deskCalls } from './desk-calls.ts';
import type { RecordsApi, RecordsStatus } from './records-api.ts';
import { callback, type Remote, startWorker, type WorkerHandle } from './worker-rpc.ts';

/** The records, for the page. Errors as in `RecordsApi`, and those of a worker that died. */
export interface RecordsClient extends Omit<RecordsApi, 'status' | 'watch'>, DeskApi {
  /** Undefined until it is known. */
  readonly status: Observable<RecordsStatus | undefined>;
  /** Another number whenever something of the records, or of what is read here, may have changed. */
  readonly changes: Observable<number>;
  /** It could not be asked the last time; it is tried again. */
  readonly failed: Observable<boolean>;
}

function startRecordsWorker(): WorkerHandle<RecordsApi & DeskApi> {
  return startWorker<RecordsApi & DeskApi>(
    (name) => new Worker(new URL('../workers/records.worker.ts', import.meta.url), { type: 'module', name }),
  );
}

const firstPauseMs = 200;
const longestPauseMs = 60_000;

/** One worker for as long as the page lives; one that died is started again, locked unless another window is open. */
export function createRecordsClient(start = startRecordsWorker): RecordsClient {
  const status = createObservable<RecordsStatus | undefined>(undefined);
  let deaths = 0;
  const changes = createObservable(0);
  const failed = createObservable(false);
  let worker = begin();

  function begin(): WorkerHandle<RecordsApi & DeskApi> {
    const begun = start();
    let isAsking = false;
    let isOutdated = false;
    const look = async (): Promise<void> => {
      isOutdated = true;
      if (isAsking) return;
      isAsking = true;
      try {
        while (isOutdated) {
          isOutdated = false;
          status.set(await begun.call((api) => api.status()));
          deaths = 0;
          failed.set(false);
        }
      } catch {
        // It died, or its store cannot be read: whoever asks for something learns why.
        failed.set(true);
      } finally {
        isAsking = false;
      }
    };
    const changed = (): void => {
      changes.set(changes.getSnapshot() + 1);
      void look();
    };
    void begun.call((api) => api.watch(callback(changed))).catch(() => undefined);
    void look();
    void begun.ended.then(beginAgain);
    return begun;
  }

  /** Not at once: one that cannot be started would be tried again and again. */
  function beginAgain(): void {
    deaths++;
    setTimeout(() => void (worker = begin()), Math.min(longestPauseMs, firstPauseMs * 2 ** deaths));
  }

  const ask = <Answer>(use: (api: Remote<RecordsApi & DeskApi>) => Promise<Answer>): Promise<Answer> =>
    worker.call(use);

  return {
    ...deskCalls((use) => ask((api) => use(api as unknown as DeskApi))),
    status,
    changes,
    failed,
    signIn: (request) => ask((api) => api.signIn(request)),
    unlock: (credentials) => ask((api) => api.unlock(credentials)),
    passkeys: () => ask((api) => api.passkeys()),
    addPasskey: (credentials, passkey) => ask((api) => api.addPasskey(credentials, passkey)),
    unlockWithPasskey: (passkey) => ask((api) => api.unlockWithPasskey(passkey)),
    lock: () => ask((api) => api.lock()),
    touch: () => ask((api) => api.touch()),
    append: (said, files) => ask((api) => api.append(said, files)),
    draft: (name) => ask(async (api) => (await api.draft(name)) as never),
    keepDraft: (name, draft) => ask((api) => api.keepDraft(name, draft)),
    row: (table, key) => ask(async (api) => (await api.row(table, key)) as never),
    rows: (table, page) => ask(async (api) => (await api.rows(table, page)) as never),
    makeBundle: (content, write) => ask((api) => api.makeBundle(content, callback(write))),
    takeBundle: (file, tell) =>
      ask(
        async (api) => (await api.takeBundle(file, ...(tell === undefined ? [] : [callback(tell)]))) as never,
      ),
    unsynced: () => ask((api) => api.unsynced()),
    stillMissing: (lost) => ask((api) => api.stillMissing(lost)),
    namesakeHeardAt: () => ask((api) => api.namesakeHeardAt()),
    distrust: () => ask((api) => api.distrust()),
    refused: () => ask((api) => api.refused()),
    syncNow: () => ask((api) => api.syncNow()),
  };
}
