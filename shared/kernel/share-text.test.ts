import { expect, it } from 'vitest';
import { shareText } from './share-text.ts';

it.each([
  [0, '0.00'],
  [0.004, 'less than 0.01'],
  [0.01, '0.01'],
  [0.835, '0.83'],
  [0.99, '0.99'],
  [0.996, 'more than 0.99'],
  [1, '1.00'],
])('%d is %s', (share, words) => expect(shareText(share)).toBe(words));
