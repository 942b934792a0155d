import { expect, it } from 'vitest';
import { fakeHubLog } from '../../tests/hub/fake-hub-log.ts';
import { memoryDatabase } from '../../tests/hub/memory-database.ts';
import { createDenials } from './denials.ts';

const denial = { clinic: 'a', actor: 'hub', who: 'address 1', why: 'account.wrong-credentials' };

function denialsOnALog() {
  const hubLog = fakeHubLog(memoryDatabase([]));
  return { hubLog, denials: createDenials(hubLog, () => 5) };
}

it('are one entry for each who, with counts', async () => {
  const { hubLog, denials } = denialsOnALog();
  for (let guess = 0; guess < 1000; guess++) denials.note(denial);
  denials.note({ ...denial, why: 'account.disabled' });
  denials.note({ ...denial, who: 'address 2' });
  denials.note({ ...denial, clinic: 'b' });
  expect(hubLog.facts).toEqual([]);
  await denials.flush();
  expect(hubLog.facts.map(({ clinic, entity, body }) => [clinic, entity, body])).toEqual([
    ['a', 'address 1', { at: 5, counts: { 'account.wrong-credentials': 1000, 'account.disabled': 1 } }],
    ['a', 'address 2', { at: 5, counts: { 'account.wrong-credentials': 1 } }],
    ['b', 'address 1', { at: 5, counts: { 'account.wrong-credentials': 1 } }],
  ]);
  await denials.flush();
  expect(hubLog.facts).toHaveLength(3);
});

it('fill neither the memory nor the log, whatever comes', async () => {
  const { hubLog, denials } = denialsOnALog();
  for (let guess = 0; guess < 20_000; guess++) denials.note({ ...denial, who: `address ${guess}` });
  for (let reason = 0; reason < 100; reason++) denials.note({ ...denial, why: `reason-${reason}` });
  await denials.flush();
  expect(hubLog.facts.length).toBeLessThanOrEqual(5001);
  const counts = hubLog.facts.map(({ body }) => (body as { counts: Record<string, number> }).counts);
  expect(Math.max(...counts.map((each) => Object.keys(each).length))).toBeLessThanOrEqual(21);
  const sum = counts.flatMap((each) => Object.values(each)).reduce((total, count) => total + count, 0);
  expect(sum).toBe(20_100);
});

it('are counted on when they cannot be written', async () => {
  const { hubLog, denials } = denialsOnALog();
  const append = hubLog.append.bind(hubLog);
  denials.note(denial);
  hubLog.append = () => Promise.reject(new Error('the disk is full'));
  await expect(denials.flush()).rejects.toThrow('the disk is full');
  hubLog.append = append;
  denials.note(denial);
  await denials.flush();
  expect(hubLog.facts).toMatchObject([{ body: { counts: { 'account.wrong-credentials': 2 } } }]);
});
