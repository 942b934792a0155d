import { describe, expect, it } from 'vitest';
import { nextState, startState, type ViewerAction, type ViewerState } from '../viewer-state.ts';
import { measuredNow } from './measured-now.ts';

const start = nextState(startState({ width: 400, height: 200 }), {
  type: 'stage',
  stage: { width: 400, height: 200, pixelRatio: 1 },
});
const ruler: ViewerAction = { type: 'choose-tool', tool: 'ruler', byKey: true };
const probe: ViewerAction = { type: 'choose-tool', tool: 'probe', byKey: true };
const set: ViewerAction = { type: 'set-point' };
const right: ViewerAction = { type: 'step', by: { x: 1, y: 0 }, far: true };

const run = (...actions: ViewerAction[]): ViewerState => actions.reduce<ViewerState>(nextState, start);
const now = (state: ViewerState, value?: number) => measuredNow(state, undefined, () => value);

describe('what is said of a measurement', () => {
  it('is where the crosshair stands, how far the drawing is, and what it comes to', () => {
    expect(now(run(ruler)).said).toBe('Ruler: column 201, row 101.');
    expect(now(run(ruler, set, right)).said).toBe(
      'Ruler: column 211, row 101, 1 of 2 points set, 10.0 pixels.',
    );
    expect(now(run(ruler, set, right, set)).said).toBe('Ruler 1: 10.0 pixels.');
    expect(now(run(ruler, set, right, set, right)).said).toBe('Ruler: column 221, row 101.');
  });

  it('is the value under a probe, once it is known', () => {
    expect(now(run(probe)).said).toBe('column 201, row 101.');
    expect(now(run(probe), 77)).toMatchObject({
      said: 'value 77 at column 201, row 101.',
      readout: 'value 77 at column 201, row 101',
    });
  });

  it('is which part is held, and that one is gone', () => {
    const done = run(ruler, set, right, set, { type: 'select-next', by: 1 });
    expect(now(done).said).toBe('Ruler 1, selected: 10.0 pixels.');
    expect(now(nextState(done, set)).said).toBe('Ruler 1, first end: 10.0 pixels.');
    expect(now(nextState(done, { type: 'remove' })).said).toBe('Ruler 1 deleted.');
  });

  it('is nothing while nothing is measured', () => {
    expect(now(start)).toEqual({ drawn: [], listed: [], said: '', readout: '' });
  });
});

it('draws what is being drawn, and only what belongs to the frame that is shown', () => {
  const drawing = run(ruler, set, right);
  expect(now(drawing).drawn).toMatchObject([{ key: 'live', words: '10.0 pixels' }]);
  const done = nextState(drawing, set);
  const elsewhere = now(nextState(done, { type: 'frame-shown', frame: 1 }));
  expect(elsewhere.drawn).toEqual([]);
  expect(elsewhere.listed).toHaveLength(1);
});
