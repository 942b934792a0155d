import { monitorEventLoopDelay } from 'node:perf_hooks';
import { quantile } from '../measure.ts';

export interface LoopDelay {
  /** p99 in ms of how late a timer ran; on a busy machine also for what others did. */
  readonly wallMs: number;
  /** p99 in ms of what the thread computed between two turns of the loop. */
  readonly computedMs: number;
}

/** What was computed so far, in microseconds: by this thread, and by all of the process. */
export function cpuUs(): { readonly thread: number; readonly process: number } {
  const [one, all] = [process.threadCpuUsage(), process.cpuUsage()];
  return { thread: one.user + one.system, process: all.user + all.system };
}

/** How long the event loop is kept from going round while `work` runs. */
export async function loopDelayDuring(work: () => Promise<void>): Promise<LoopDelay> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const stretches: number[] = [];
  const computed = (): number => cpuUs().thread / 1000;
  let last = computed();
  const timer = setInterval(() => {
    const now = computed();
    stretches.push(now - last);
    last = now;
  }, 5);
  delay.enable();
  await work();
  delay.disable();
  clearInterval(timer);
  return { wallMs: delay.percentile(99) / 1e6, computedMs: quantile(stretches, 0.99) };
}
