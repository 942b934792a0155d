import { createObservable, type Observable } from '../engine/observable.ts';

/** Chromium's event; other browsers install from their own menus. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

/** The snapshot says whether the browser would install the page now. */
export interface InstallPrompt extends Observable<boolean> {
  /** Shows the browser's question. Has to be called by a click. */
  install(): Promise<'accepted' | 'dismissed' | 'unavailable'>;
}

/** Call it early: the browser offers the installation once, soon after the page has loaded. */
export function holdInstallPrompt(): InstallPrompt {
  let held: BeforeInstallPromptEvent | undefined;
  const canInstall = createObservable(false);
  const hold = (event: BeforeInstallPromptEvent | undefined): void => {
    held = event;
    canInstall.set(event !== undefined);
  };
  addEventListener('beforeinstallprompt', (event) => {
    // Not now, but when the person asks for it.
    event.preventDefault();
    hold(event as BeforeInstallPromptEvent);
  });
  addEventListener('appinstalled', () => hold(undefined));

  return {
    subscribe: canInstall.subscribe,
    getSnapshot: canInstall.getSnapshot,
    async install() {
      const event = held;
      if (event === undefined) return 'unavailable';
      // It can be asked only once; if it was turned down, the browser may offer another later.
      hold(undefined);
      return (await event.prompt()).outcome;
    },
  };
}
