import type { Fact, HubLog } from '../../server/store/hub-log-api.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { kindRule } from '../../shared/log/kinds.ts';
import type { Device } from './device.ts';
import type { HubHost } from './hub-host.ts';
import type { Office } from './office.ts';
import type { World } from './world.ts';

const hourMs = 3_600_000;

interface OfficeWorkParts {
  readonly world: World;
  readonly hub: HubHost;
  readonly office: Office;
  readonly devices: readonly Device[];
}

/** Something that the hub's process does for the administrator; nothing comes of it when the process dies over it. */
async function byHub(
  { world, hub, office }: OfficeWorkParts,
  what: string,
  fact: Omit<Fact, 'actor'>,
): Promise<void> {
  const { hubLog, life } = await hub.ready();
  world.scheduler.note('office', what);
  const died = new Promise<void>((resolve) => life.onDeath(resolve));
  const append: HubLog['append'] = hubLog.append.bind(hubLog);
  const appended = append(office.clinic, [{ ...fact, actor: office.self }]).catch((thrown: unknown) => {
    // A full disk is the hub's affair; the office tries another time.
    const isExpected = thrown instanceof AppError && thrown.code === 'storage.full';
    world.rules.check('the hub does not break down', isExpected, () => `${what}: ${String(thrown)}`);
  });
  await Promise.race([appended, died]);
}

/** What the administrator decides, while most of those concerned are away. */
export async function administer(parts: OfficeWorkParts, isOver: () => boolean): Promise<void> {
  const { world, hub, office, devices } = parts;
  const dice = world.dice();
  const { faults, rules } = world;

  const away = (): Device => {
    const offline = devices.filter((device) => device.offline);
    return dice.pick(offline.length > 0 ? offline : devices);
  };
  const someEntry = (isWanted: (kind: string) => boolean): { h: string; bodyHash: string } | undefined => {
    const all = rules.order.flatMap((h) => {
      const entry = rules.written.get(h);
      const bodyHash = entry?.bodyHash ?? null;
      return bodyHash !== null && isWanted(entry!.kind) ? [{ h, bodyHash }] : [];
    });
    return all.length === 0 ? undefined : dice.pick(all);
  };

  const acts: Record<string, () => Promise<void>> = {
    'role set': async () => {
      const device = away();
      if (device.offline) faults.count('role changed offline');
      await office.setRole(device.person, dice.pick(['user', 'doctor', 'doctor'] as const));
    },
    'person disabled': async () => {
      const device = away();
      if (device.offline) faults.count('role changed offline');
      await office.disable(device.person);
      await world.pause(dice.int(hourMs, 72 * hourMs), 'somebody is missed');
      await office.enable(device.person);
    },
    'device revoked': async () => {
      const device = away();
      if ((await office.revoke(device.id)) && device.offline) faults.count('device revoked offline');
    },
    'person approved': () => office.approve(`new${dice.int(1, 1e9)}@clinic.example`, 'user'),
    'body erased': async () => {
      const entry = someEntry((kind) => kindRule(kind)?.erasable === true);
      if (entry === undefined) return;
      const { h, bodyHash } = entry;
      rules.erasing.add(h);
      await byHub(parts, 'erases', {
        kind: 'body.erased',
        entity: bodyHash,
        basedOn: [h],
        body: { reason: 'asked for' },
      });
    },
    'entry held': async () => {
      const records = new Set(['image.added', 'review.added', 'result.added']);
      const isWanted = (kind: string): boolean => records.has(kind);
      const isSetting = (kind: string): boolean => kind === 'preference.set';
      const entry = dice.chance(0.3) ? someEntry(isSetting) : someEntry(isWanted);
      if (entry === undefined) return;
      await byHub(parts, 'holds', {
        kind: 'entry.quarantined',
        entity: entry.h,
        body: { reason: 'doubtful' },
      });
    },
    'entry released': async () => {
      const waiting = await hub.waiting();
      if (waiting.length === 0) return;
      const entity = dice.pick(waiting);
      await byHub(parts, 'releases', { kind: 'entry.released', entity, body: { reason: 'it was right' } });
    },
  };
  const lots = Object.keys(acts).concat('role set', 'device revoked', 'body erased', 'entry released');

  while (!isOver()) {
    await world.pause(dice.int(hourMs, 48 * hourMs), 'the office opens');
    if (isOver()) return;
    const name = dice.pick(lots);
    world.count('operations', name);
    await acts[name]!();
  }
}

/** Copies the hub's file every other day, and puts an old copy in its place when a disk has died. */
export async function keepBackups(
  { world, hub }: Pick<OfficeWorkParts, 'world' | 'hub'>,
  isOver: () => boolean,
): Promise<void> {
  const dice = world.dice();
  let copies = 0;
  let restores = 0;
  while (!isOver()) {
    await world.pause(dice.int(12 * hourMs, 72 * hourMs), 'the keeper comes');
    if (isOver()) return;
    if (copies > 0 && restores < 3 && dice.chance(0.15)) {
      restores += 1;
      await hub.restore(String(dice.int(Math.max(1, copies - 3), copies)));
    } else hub.backUp(String((copies += 1)));
  }
}
