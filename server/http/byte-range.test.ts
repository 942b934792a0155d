import { expect, it } from 'vitest';
import { parseByteRange } from './byte-range.ts';

it.each([
  ['bytes=0-0', { from: 0, to: 1 }],
  ['bytes=0-99', { from: 0, to: 100 }],
  ['bytes=0-9999', { from: 0, to: 100 }],
  ['bytes=99-', { from: 99, to: 100 }],
  ['Bytes=10-19', { from: 10, to: 20 }],
  ['bytes=-1', { from: 99, to: 100 }],
  ['bytes=-1000', { from: 0, to: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=100-200', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
])('of 100 bytes, %s is %o', (header, range) => expect(parseByteRange(header, 100)).toEqual(range));

it.each([
  undefined,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=5-4',
  'bytes=0-1,3-4',
  'items=0-1',
  'bytes=a-b',
  'bytes=1.5-2',
])('answers with the whole where there is no single range: %s', (header) =>
  expect(parseByteRange(header, 100)).toBeUndefined(),
);
