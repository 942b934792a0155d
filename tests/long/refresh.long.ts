import { expect, it } from 'vitest';
import { type Occurrence, runSchedule } from '../property/refresh-schedules.ts';
import { runLong } from './long-progress.ts';

/** Random lives of a session. FIELDRAY_SCHEDULES=N asks for another number. */

const wanted = Number(process.env['FIELDRAY_SCHEDULES'] ?? 10_000);

it(`${wanted} schedules: theft always ends the session, nothing else does`, async () => {
  const progress = await runLong<Partial<Record<Occurrence, number>>>({
    name: 'refresh',
    wanted,
    sources: ['shared/{kernel,api}/**/*.ts', 'server/auth/**/*.ts', 'tests/property/refresh-schedules.ts'],
    none: {},
    async step(number, tally) {
      const seed = number + 1;
      const { violation, events, counts } = await runSchedule(seed);
      for (const [name, times] of Object.entries(counts) as [Occurrence, number][])
        tally[name] = (tally[name] ?? 0) + times;
      return violation === undefined ? [] : [`seed ${seed}: ${violation}\n${events.join('\n')}`];
    },
  });
  const { next, seconds, tally, problems } = progress;
  const counts = Object.entries(tally).map(([name, times]) => `${name} ${times}`);
  process.stdout.write(
    `${next} of ${wanted} schedules in ${Math.round(seconds)} s, seeds 1 to ${next}: ${counts.join(', ')}\n`,
  );
  expect(problems).toEqual([]);
  expect(next, 'the same command goes on').toBeGreaterThanOrEqual(wanted);
  expect(tally.thefts).toBeGreaterThan(wanted / 4);
}, 3_600_000);
