import { expect, it } from 'vitest';
import { runSchedules } from '../property/refresh-schedules.ts';

/** FIELDRAY_SCHEDULES=N asks for another number of schedules, FIELDRAY_FIRST_SEED=N for others. */
const wanted = Number(process.env['FIELDRAY_SCHEDULES'] ?? 10_000);
const first = Number(process.env['FIELDRAY_FIRST_SEED'] ?? 1);

it(`${wanted} schedules from seed ${first}: theft always ends the session, nothing else does`, async () => {
  const counts = await runSchedules(first, wanted);
  process.stdout.write(
    `${JSON.stringify({ schedules: wanted, firstSeed: first, ...counts }, undefined, 2)}\n`,
  );
  expect(counts.thefts).toBeGreaterThan(wanted / 4);
}, 3_500_000);
