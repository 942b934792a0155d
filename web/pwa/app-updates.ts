import { Workbox } from 'workbox-window';
import { createObservable, type Observable } from '../engine/observable.ts';
import { readingLock } from '../engine/reading-lock.ts';

export type AppUpdateState =
  /** Not yet known, or the first visit's shell is still being fetched. */
  | 'none'
  /** The page opens without a network. */
  | 'offline-ready'
  /** A new version is on the device and waits for `applyUpdate`. */
  | 'update-waiting'
  /** The new version took over at the wish of another tab: this page still runs the old one. */
  | 'updated-elsewhere'
  | 'unavailable';

export type WhyUnavailable =
  | 'no-service-worker'
  | 'insecure-page'
  | 'registration-refused'
  /** Its files could not be kept: no room, or the line broke. It is tried again. */
  | 'not-kept'
  | 'development-server';

export interface AppUpdates extends Observable<AppUpdateState> {
  /** Set when the state is `unavailable`. */
  whyUnavailable(): WhyUnavailable | undefined;
  /**
   * Puts the new version in and loads this page again; other tabs are told and go on.
   * `busy`: an image is being read here or in another tab, and nothing has been changed.
   * `applied`: there is none newer than the one in use.
   */
  applyUpdate(): Promise<'applied' | 'busy'>;
}

const checkEveryMs = 60 * 60 * 1000;
const takeoverTimeoutMs = 10_000;

/** Call it once. */
export function startAppUpdates(): AppUpdates {
  const state = createObservable<AppUpdateState>('none');
  const { subscribe, getSnapshot } = state;
  const why = whatIsMissing();
  if (why !== undefined) {
    state.set('unavailable');
    return { subscribe, getSnapshot, whyUnavailable: () => why, applyUpdate: async () => 'applied' };
  }

  const workbox = new Workbox('/service-worker.js');
  let registration: ServiceWorkerRegistration | undefined;
  let isRefused = false;
  let isApplying = false;
  // Claimed for the first time: the page and its service worker are of one version.
  let wasControlled = navigator.serviceWorker.controller !== null;

  let notKept = false;
  const look = (): void => {
    // The first one failed before it was there: no room, or a line that broke. The next check tries again.
    notKept =
      registration !== undefined && !registration.active && !registration.installing && !registration.waiting;
    if (notKept) state.set('unavailable');
    if (!registration?.active || getSnapshot() === 'updated-elsewhere') return;
    state.set(registration.waiting ? 'update-waiting' : 'offline-ready');
  };
  workbox.addEventListener('controlling', () => {
    if (isApplying) location.reload();
    else if (wasControlled) state.set('updated-elsewhere');
    else look();
    wasControlled = true;
  });
  const start = async (): Promise<void> => {
    registration = await register(workbox);
    if (registration !== undefined) return watch(registration, look);
    isRefused = true;
    state.set('unavailable');
  };
  void start();

  return {
    subscribe,
    getSnapshot,
    whyUnavailable: () => (isRefused ? 'registration-refused' : notKept ? 'not-kept' : undefined),
    applyUpdate: () =>
      // Whoever begins to read meanwhile waits for the lock, and with that for the reload.
      navigator.locks.request(readingLock, { ifAvailable: true }, async (lock) => {
        const isNewElsewhere = getSnapshot() === 'updated-elsewhere';
        if (!isNewElsewhere && !registration?.waiting) return 'applied';
        if (lock === null) return 'busy';
        isApplying = true;
        if (isNewElsewhere) location.reload();
        else workbox.messageSkipWaiting();
        // The lock is kept until the page is gone.
        await new Promise((resolve) => setTimeout(resolve, takeoverTimeoutMs));
        location.reload();
        return 'applied';
      }),
  };
}

function whatIsMissing(): WhyUnavailable | undefined {
  if (!isSecureContext) return 'insecure-page';
  if (!('serviceWorker' in navigator)) return 'no-service-worker';
  return import.meta.env.DEV ? 'development-server' : undefined;
}

/** After the page has loaded. Undefined when the browser refuses and there is none from before either. */
async function register(workbox: Workbox): Promise<ServiceWorkerRegistration | undefined> {
  try {
    return await workbox.register();
  } catch {
    return navigator.serviceWorker.getRegistration().catch(() => undefined);
  }
}

/** workbox-window stops listening after one update; a page that stays open, whose line breaks in the midst of one, sees more. */
function watch(registration: ServiceWorkerRegistration, look: () => void): void {
  const follow = (): void => registration.installing?.addEventListener('statechange', look);
  registration.addEventListener('updatefound', follow);
  follow();
  look();

  // Without a network it fails, and the next one finds out.
  const check = (): void => void registration.update().catch(() => undefined);
  setInterval(check, checkEveryMs);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') check();
  });
}
