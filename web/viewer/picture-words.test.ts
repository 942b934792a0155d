import { expect, it } from 'vitest';
import { changesInWords, pictureInWords, placeInWords } from './picture-words.ts';
import { nextState, startState } from './viewer-state.ts';

const state = startState({ width: 20, height: 10 });
const plain = {
  label: 'The X-ray',
  synthetic: false,
  info: { width: 20, height: 10, frames: 1 },
  state,
  lungs: false,
  heat: false,
  found: '',
};

it('says of a picture what it is and what lies on it', () => {
  expect(pictureInWords(plain)).toBe('The X-ray, 20 × 10 pixels');
  const spacing = { rowMm: 0.143, columnMm: 0.143, source: 'detector' } as const;
  const words = pictureInWords({
    ...plain,
    synthetic: true,
    info: { ...plain.info, frames: 3, spacing },
    lungs: true,
    heat: true,
    found: 'Pneumonia: probability 0.83',
  });
  expect(words).toMatch(
    /^Synthetic picture: The X-ray, .* 0\.1430 by 0\.1430 mm\. Lengths are in millimetres at/,
  );
  expect(words).toMatch(
    /; Picture 1 of 3; the lungs are outlined; a heat map lies on it; Pneumonia: probability/,
  );
});

it('says of a picture that was not read that it was not, and nothing of what was found in the first', () => {
  const second = nextState(state, { type: 'frame-shown', frame: 1 });
  const info = { ...plain.info, frames: 3 };
  expect(placeInWords(second, 3)).toBe('Picture 2 of 3 · not read');
  expect(placeInWords(state, 3)).toBe('Picture 1 of 3');
  expect(placeInWords(state, 1)).toBe('');
  expect(pictureInWords({ ...plain, info, state: second, found: 'Pneumonia: probability 0.83' })).toBe(
    'The X-ray, 20 × 10 pixels; Picture 2 of 3 · not read',
  );
});

it('says that the grey scale is not that of the file', () => {
  for (const action of [
    { type: 'toggle-base' },
    { type: 'set-base', base: { low: 0, high: 9 } },
    { type: 'change-look', by: { brightness: 5, contrast: 0 } },
  ] as const) {
    expect(changesInWords(nextState(state, action))).toEqual(['Grey scale changed']);
  }
});

it('says of a picture how it has been changed, in the same words as the stage', () => {
  expect(changesInWords(state)).toEqual([]);
  const turned = nextState(nextState(state, { type: 'reorient', change: 'across' }), { type: 'invert' });
  expect(changesInWords(turned)).toEqual(['Mirrored', 'Inverted']);
  expect(pictureInWords({ ...plain, state: turned })).toBe('The X-ray, 20 × 10 pixels; Mirrored, Inverted');
});
