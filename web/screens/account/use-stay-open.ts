import { useEffect } from 'react';
import { useServices } from '../../app/services-context.tsx';

const everyMs = 30_000;

/** Something long is going on that somebody has begun: the device does not lock in the middle of it. */
export function useStayOpen(isGoingOn: boolean): void {
  const { records } = useServices();
  useEffect(() => {
    if (!isGoingOn) return undefined;
    const timer = setInterval(() => void records.touch().catch(() => undefined), everyMs);
    return () => clearInterval(timer);
  }, [isGoingOn, records]);
}
