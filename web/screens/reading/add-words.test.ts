import { expect, it } from 'vitest';
import { addedInWords } from './add-words.ts';

it.each<[{ added: number; failed: number; leftOut: number }, string]>([
  [{ added: 3, failed: 0, leftOut: 0 }, ''],
  [{ added: 1, failed: 0, leftOut: 2 }, '1 picture added; 2 files are no pictures and were left out.'],
  [{ added: 1, failed: 1, leftOut: 0 }, '1 picture added; 1 file could not be opened: the list says why.'],
  [
    { added: 0, failed: 2, leftOut: 1 },
    'No picture was added; 2 files could not be opened: the list says why; 1 file is no picture and was left out.',
  ],
  [{ added: 0, failed: 0, leftOut: 1 }, 'No X-ray was found there: 1 file is no picture and was left out.'],
])('%j: %s', (count, words) => {
  expect(addedInWords(count)).toBe(words);
});
