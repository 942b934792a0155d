import { useEffect } from 'react';
import { useObservable, useServices } from './services-context.tsx';

/** The records ask again after minutes; every stroke of a key would be too much. */
const tellEveryMs = 15_000;

/** While somebody uses the page, the device does not lock by itself. */
export function useStayUnlocked(): void {
  const { records } = useServices();
  const isOpen = useObservable(records.status)?.vault === 'open';
  useEffect(() => {
    if (!isOpen) return undefined;
    let told = Number.NEGATIVE_INFINITY;
    const touch = ({ timeStamp }: Event): void => {
      if (timeStamp - told < tellEveryMs) return;
      told = timeStamp;
      // It may have been locked in this moment, which the status says.
      records.touch().catch(() => undefined);
    };
    const events = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const event of events) addEventListener(event, touch, { passive: true });
    return () => {
      for (const event of events) removeEventListener(event, touch);
    };
  }, [isOpen, records]);
}
