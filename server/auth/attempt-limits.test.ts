import { expect, it, vi } from 'vitest';
import { createAttemptLimits } from './attempt-limits.ts';

const tooMany = expect.objectContaining({ code: 'account.too-many-attempts' });

it('lets somebody guess ten times at an account from one address, and says when to come again', async () => {
  const limits = createAttemptLimits();
  const outcomes = [];
  for (let guess = 0; guess < 10; guess++) outcomes.push(await limits.spend('ada', '192.0.2.1'));
  expect(outcomes).toEqual([...Array.from({ length: 9 }, () => 'counted'), 'locked']);
  await expect(limits.spend('ada', '192.0.2.1')).rejects.toMatchObject({
    code: 'account.too-many-attempts',
    details: { retryAfterS: expect.any(Number) as number },
  });
});

it('does not lock a person out elsewhere because somebody guesses', async () => {
  const limits = createAttemptLimits();
  for (let guess = 0; guess < 20; guess++) await limits.spend('ada', '192.0.2.1').catch(() => undefined);
  expect(await limits.spend('ada', '198.51.100.7')).toBe('counted');
});

it('stops guessing at one account from many addresses', async () => {
  const limits = createAttemptLimits();
  for (let guess = 0; guess < 50; guess++) await limits.spend('ada', `192.0.2.${guess}`);
  await expect(limits.spend('ada', '198.51.100.7')).rejects.toEqual(tooMany);
});

it('does not lock a person out where the person has signed in before, however many guess elsewhere', async () => {
  const limits = createAttemptLimits();
  await limits.spend('ada', '198.51.100.7');
  await limits.forgive('ada', '198.51.100.7');
  for (let guess = 0; guess < 60; guess++) {
    await limits.spend('ada', `192.0.2.${guess}`).catch(() => undefined);
  }
  await expect(limits.spend('ada', '203.0.113.1')).rejects.toEqual(tooMany);
  for (let guess = 0; guess < 10; guess++) await limits.spend('ada', '198.51.100.7');
  await expect(limits.spend('ada', '198.51.100.7')).rejects.toEqual(tooMany);
});

it('stops registering from one address, and nobody who signs in from there', async () => {
  const limits = createAttemptLimits();
  for (let guess = 0; guess < 30; guess++) await limits.spend(undefined, '192.0.2.1');
  await expect(limits.spend(undefined, '192.0.2.1')).rejects.toEqual(tooMany);
  expect(await limits.spend('ada', '192.0.2.1')).toBe('counted');
});

it('stops guessing at many accounts from one address, a network of IPv6 counting as one', async () => {
  const limits = createAttemptLimits();
  for (let guess = 0; guess < 100; guess++) await limits.spend(`account ${guess}`, `2001:db8:1:2::${guess}`);
  await expect(limits.spend('ada', '2001:db8:1:2:ffff::1')).rejects.toEqual(tooMany);
  expect(await limits.spend('ada', '2001:db8:1:3::1')).toBe('counted');
});

it('forgets the attempts of somebody who then knew the password', async () => {
  const limits = createAttemptLimits();
  for (let guess = 0; guess < 9; guess++) await limits.spend('ada', '192.0.2.1');
  await limits.forgive('ada', '192.0.2.1');
  for (let guess = 0; guess < 9; guess++) expect(await limits.spend('ada', '192.0.2.1')).toBe('counted');
});

it('starts anew after a quarter of an hour', async () => {
  vi.useFakeTimers();
  try {
    const limits = createAttemptLimits();
    for (let guess = 0; guess < 11; guess++) await limits.spend('ada', '192.0.2.1').catch(() => undefined);
    await expect(limits.spend('ada', '192.0.2.1')).rejects.toEqual(tooMany);
    vi.advanceTimersByTime(15 * 60 * 1000 + 1);
    expect(await limits.spend('ada', '192.0.2.1')).toBe('counted');
  } finally {
    vi.useRealTimers();
  }
});
