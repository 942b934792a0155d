import type { Ward } from './daily-work.ts';
import type { Device } from './device.ts';

const minuteMs = 60_000;

/**
 * Of two windows one freezes while the answer to its push is on the way. The other one goes on, the hub is restored from a
 * copy that knows nothing of the push, a new order begins; and then the first one thaws, with a receipt of the old order.
 */
export async function freezeWindow({ world, hub, dice }: Ward, device: Device): Promise<void> {
  const pause = (mostMinutes: number): Promise<void> =>
    world.pause(dice.int(1, mostMinutes) * minuteMs, 'a window is frozen');
  device.openWindows(2);
  hub.backUp('before the frost');
  const thaw = device.freezeNextPush();
  device.poke();
  await pause(5);
  device.poke();
  await pause(5);
  await hub.restore('before the frost');
  device.poke();
  await pause(20);
  if (dice.chance(0.3)) device.offline = true;
  if (dice.chance(0.5)) await pause(60 * 24);
  thaw();
}
