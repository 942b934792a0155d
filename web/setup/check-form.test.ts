import { expect, it } from 'vitest';
import { firstFailing } from './check-form.ts';

const good = { clinic: 'North clinic', email: 'ada@example.org', password: 'seven lungs under glass' };

it('has nothing against a form that is filled in', () => expect(firstFailing(good)).toBeUndefined());

it.each([
  ['clinic', { clinic: '' }],
  ['email', { email: '' }],
  ['email', { email: 'ada' }],
  ['email', { email: 'ada@home' }],
  ['password', { password: 'nine char' }],
] as const)('names the field that fails: %s', (field, change) => {
  expect(firstFailing({ ...good, ...change })?.field).toBe(field);
});

it('names the first of several', () => {
  expect(firstFailing({ clinic: '', email: '', password: '' })?.field).toBe('clinic');
});
