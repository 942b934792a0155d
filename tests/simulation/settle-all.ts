import type { Device } from './device.ts';
import type { HubHost } from './hub-host.ts';
import type { Office } from './office.ts';
import { ViolationError } from './violation-error.ts';
import type { World } from './world.ts';

interface SettleParts {
  readonly world: World;
  readonly hub: HubHost;
  readonly office: Office;
  readonly devices: readonly Device[];
}

/** A message that is still on its way arrives within this time. */
const longestWayMs = 6 * 86_400_000;
const mostRounds = 400;

/** Why this device has not heard of everything, or not told everything; undefined when it has. */
async function whatIsOpen(world: World, { name, bareStore, isSettled }: Device): Promise<string | undefined> {
  const size = world.rules.order.length;
  const { cursor, broken, reconciling } = await bareStore.state();
  const { outbox, waiting } = await bareStore.counts();
  const isDone = isSettled && cursor === size && outbox === 0 && waiting === 0 && !reconciling;
  if (broken !== null) return `${name} has to be enrolled anew`;
  if (isDone) return undefined;
  return `${name} is at ${cursor} of ${size}, ${outbox} to send, ${waiting} waiting, ${isSettled ? '' : 'not '}settled`;
}

/** Nothing goes wrong any more, everybody is in reach, and all go on until nothing is left to do. */
export async function settleAll(parts: SettleParts): Promise<void> {
  const { world, hub, office, devices } = parts;
  world.faults.stop();
  hub.spare();
  // All of them: the hub may have been restored from a copy that knows nothing of what was decided since.
  for (const person of office.people) await office.enable(person);
  for (const device of devices) device.spare();
  await world.pause(longestWayMs, 'all that is on its way arrives');
  let open: string[] = [];
  for (let round = 0; round < mostRounds; round++) {
    open = [];
    for (const device of devices) {
      const what = await whatIsOpen(world, device);
      if (what === undefined) continue;
      open.push(what);
      if ((await device.bareStore.state()).broken !== null) await device.enrolAnew();
      device.poke();
    }
    if (open.length === 0) return;
    await world.pause(10_000, 'everybody syncs');
  }
  throw new ViolationError('everybody hears of everything', open.join('; '));
}
