import { expect, it } from 'vitest';
import { changesInWords, pictureInWords } from './picture-words.ts';
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
    /; picture 1 of 3; the lungs are outlined; a heat map lies on it; Pneumonia: probability/,
  );
});

it('says of a picture how it has been changed, in the same words as the stage', () => {
  expect(changesInWords(state)).toEqual([]);
  const turned = nextState(nextState(state, { type: 'reorient', change: 'across' }), { type: 'invert' });
  expect(changesInWords(turned)).toEqual(['Mirrored', 'Inverted']);
  expect(pictureInWords({ ...plain, state: turned })).toBe('The X-ray, 20 × 10 pixels; Mirrored, Inverted');
});
