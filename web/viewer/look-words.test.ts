import { expect, it } from 'vitest';
import { brightnessInWords, contrastInWords } from './look-words.ts';
import { plainLook } from './display-window.ts';

it('says “as in the file” only where nothing of the grey scale is changed', () => {
  expect([brightnessInWords(plainLook), contrastInWords(plainLook)]).toEqual([
    'as in the file',
    'as in the file',
  ]);
  const whole = { ...plainLook, base: 'whole' } as const;
  expect([brightnessInWords(whole), contrastInWords(whole)]).toEqual([
    'neither brighter nor darker',
    'neither more nor less',
  ]);
  const darker = { ...plainLook, brightness: -12.4 };
  expect([brightnessInWords(darker), contrastInWords(darker)]).toEqual([
    '12 darker',
    'neither more nor less',
  ]);
  expect(contrastInWords({ ...plainLook, contrast: 0.2 })).toBe('1 more');
});
