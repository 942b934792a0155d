import { createObservable, type Observable } from '../engine/observable.ts';

const errors = createObservable<string | undefined>(undefined);

/** The newest error that nobody caught, as text for support. */
export const pageErrors: Observable<string | undefined> = errors;

/** An abort is no error, and a layout that needs a second pass is none either. */
const harmless = (thrown: unknown, message: string): boolean =>
  (thrown instanceof DOMException && thrown.name === 'AbortError') ||
  message.startsWith('ResizeObserver loop');

export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? `${thrown.name}: ${thrown.message}`) : String(thrown);
}

export function watchPageErrors(page: EventTarget): void {
  page.addEventListener('error', (event) => {
    const { error, message } = event as ErrorEvent;
    // A file that did not load reports itself with a plain event.
    if (message === undefined || harmless(error, message)) return;
    errors.set(textOf(error ?? message));
  });
  page.addEventListener('unhandledrejection', (event) => {
    const { reason } = event as PromiseRejectionEvent;
    if (!harmless(reason, '')) errors.set(textOf(reason));
  });
}
