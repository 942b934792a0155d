import { expect, it } from 'vitest';
import { typedNumber } from './typed-number.ts';

it.each<[string, number | undefined]>([
  ['1024', 1024],
  [' -600,5 ', -600.5],
  ['0.25', 0.25],
  ['', undefined],
  ['12px', undefined],
  ['1,024.5', undefined],
  ['Infinity', undefined],
  ['0x10', undefined],
])('%j is the number %s', (text, number) => {
  expect(typedNumber(text)).toBe(number);
});
