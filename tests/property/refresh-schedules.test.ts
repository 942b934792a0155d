import { expect, it } from 'vitest';
import { runSchedules } from './refresh-schedules.ts';

it('500 schedules of tabs, lost answers and a thief: theft ends the session, nothing else does', async () => {
  const counts = await runSchedules(1, 500);
  // That there was something to see.
  expect(counts.lostRequests).toBeGreaterThan(500);
  expect(counts.lostAnswers).toBeGreaterThan(500);
  expect(counts.tabsAtOnce).toBeGreaterThan(300);
  expect(counts.thefts).toBeGreaterThan(200);
  expect(counts.seenAtTheThief).toBeGreaterThan(30);
  expect(counts.seenAtTheOwner).toBeGreaterThan(30);
}, 120_000);
