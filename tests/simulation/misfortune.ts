import type { Ward } from './daily-work.ts';
import type { Device, Profile } from './device.ts';
import { freezeWindow } from './frozen-window.ts';

/** What happens between two things that a person does: time passes, and laptops have a life of their own. */

const minuteMs = 60_000;
const dayMs = 86_400_000;

const copies = new WeakMap<Device, Profile>();

async function passTime({ world, dice }: Ward, device: Device): Promise<void> {
  const lot = dice.next();
  if (lot < 0.6) return world.pause(dice.int(1, 20) * minuteMs, 'time passes');
  if (lot < 0.88) return world.pause(dice.int(1, 10) * 60 * minuteMs, 'hours pass');
  device.offline = true;
  await world.pause(dice.int(1, 6) * dayMs, 'is on the road');
  if (dice.chance(0.7)) device.offline = false;
}

/** Also where things get better again. */
export async function misfortune(ward: Ward, device: Device, all: readonly Device[]): Promise<void> {
  const { world, dice } = ward;
  const { faults } = world;
  if (device.offline && dice.chance(0.4)) device.offline = false;
  await passTime(ward, device);
  if (dice.chance(0.5)) device.poke();
  if (faults.strikes('clock jump', 0.04)) device.skewMs = dice.int(-20, 20) * dayMs + dice.int(0, dayMs);
  else if (device.skewMs !== 0 && dice.chance(0.2)) device.skewMs = 0;
  if (faults.strikes('two tabs', 0.1)) device.openWindows(2);
  else if (dice.chance(0.05)) device.openWindows(1);
  if (!device.offline && faults.strikes('window frozen', 0.008)) await freezeWindow(ward, device);
  if (dice.chance(0.004) && !faults.stopped) device.tooOldUntil = world.now + dice.int(1, 5) * dayMs;
  if (dice.chance(0.05)) copies.set(device, device.snapshot());
  const copy = copies.get(device);
  if (copy !== undefined && faults.strikes('profile restored', 0.03)) await device.restore(copy);
  const twin = dice.pick(all);
  if (twin !== device && faults.strikes('profile copied', 0.004)) await device.restore(twin.snapshot());
}
