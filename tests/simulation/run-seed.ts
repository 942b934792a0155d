import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryDeviceTables } from '../../shared/log/memory-device-tables.ts';
import { administer, keepBackups } from './office-work.ts';
import { doSomething, type Ward } from './daily-work.ts';
import { Device, type DeviceParts } from './device.ts';
import type { MakeTables } from './disk.ts';
import { checkTheEnd } from './final-checks.ts';
import { HubHost } from './hub-host.ts';
import { forgetAnswers } from './simulated-crypto.ts';
import { intrude } from './intruder.ts';
import { settleAll } from './settle-all.ts';
import { misfortune } from './misfortune.ts';
import { Network } from './network.ts';
import { Office } from './office.ts';
import type { SeedReport, SimulationOptions } from './seed-report.ts';
import { ViolationError } from './violation-error.ts';
import { World } from './world.ts';

/** Files in memory: nothing here loses power, and a disk would only be waited for. */
const memoryFolder = '/dev/shm';

/** More than any world that ends. */
const mostEvents = 5_000_000;

const isReal = ({ store }: SimulationOptions, seed: number): boolean =>
  store === 'libsql' || (store === 'mixed' && seed % 8 === 0);

/** Lives through one world, from its founding until everybody has heard of everything. */
async function live(
  world: World,
  hub: HubHost,
  { devices: deviceCount, ops }: SimulationOptions,
  makeTables: MakeTables,
): Promise<string> {
  await hub.open();
  await hub.start();
  const office = new Office(world, hub);
  await office.open(Math.max(3, Math.ceil(deviceCount * 0.8)));
  const network = new Network({ scheduler: world.scheduler, faults: world.faults, dice: world.dice(), hub });
  const parts: DeviceParts = { world, network, makeTables, clinic: office.clinic };
  const [intruder, ...staff] = office.people;
  const devices = Array.from(
    { length: deviceCount },
    (_, number) => new Device(parts, `device${number + 1}`, staff[number % staff.length]!),
  );
  for (const device of devices) await device.begin();
  hub.backUp('0');

  world.faults.start();
  let isOver = false;
  const over = (): boolean => isOver;
  const images: string[] = [];
  const around = { world, hub, office, devices };
  for (const task of [
    () => administer(around, over),
    () => keepBackups(around, over),
    () => intrude({ world, hub, office, images }, intruder!, over),
  ]) {
    world.scheduler.start(task);
  }
  await Promise.all(
    devices.map(async (device) => {
      const ward: Ward = { world, hub, dice: world.dice(), images };
      for (let op = 0; op < ops; op++) {
        await misfortune(ward, device, devices);
        await doSomething(ward, device);
      }
    }),
  );
  isOver = true;
  await settleAll(around);
  return checkTheEnd(around);
}

/** @returns what it came to; a rule that did not hold is in the report, anything else is thrown */
export async function runSeed(seed: number, options: SimulationOptions): Promise<SeedReport> {
  const world = new World(seed, options.journal !== undefined);
  const durable = isReal(options, seed);
  const folder = mkdtempSync(join(memoryFolder, `fieldray-simulation-${seed}-`));
  const hub = new HubHost(world, folder, durable);
  const makeTables: MakeTables = async (identity) => createMemoryDeviceTables(identity);
  let finalState: string | undefined;
  let violation: ViolationError | undefined;
  try {
    world.scheduler.start(async () => {
      finalState = await live(world, hub, options, makeTables);
    });
    const { rules, journal } = world;
    await world.scheduler.run(
      () => finalState !== undefined || rules.violation !== undefined || journal.count > mostEvents,
    );
    ({ violation } = rules);
    if (finalState === undefined) {
      const why = journal.count > mostEvents ? 'it goes on for ever' : 'everybody waits for somebody';
      violation ??= new ViolationError('every seed comes to an end', why);
    }
  } catch (thrown) {
    const { rules } = world;
    violation = rules.violation ?? asViolation(thrown);
  } finally {
    hub.close();
    forgetAnswers();
    rmSync(folder, { recursive: true, force: true });
  }
  if (options.journal !== undefined) writeFileSync(options.journal, world.journal.whole());
  const lastEvents = world.journal.last();
  return {
    seed,
    events: world.journal.count,
    digest: world.journal.digest(finalState ?? violation?.message ?? ''),
    entries: world.rules.order.length,
    ...world.tallies,
    faults: world.faults.counts,
    checks: world.rules.checks,
    ...(violation === undefined
      ? {}
      : { violation: { invariant: violation.invariant, message: violation.message, lastEvents } }),
  };
}

function asViolation(thrown: unknown): ViolationError {
  if (thrown instanceof ViolationError) return thrown;
  const said = thrown instanceof Error ? String(thrown.stack) : String(thrown);
  return new ViolationError('nothing unexpected is thrown', said);
}
