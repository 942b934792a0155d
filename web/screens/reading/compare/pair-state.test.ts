import { describe, expect, it } from 'vitest';
import type { ViewerAction } from '../../../viewer/viewer-state.ts';
import { nextPair, type PairAction, type PairState, type Side, startPair } from './pair-state.ts';

const stage = { width: 400, height: 400, pixelRatio: 1 };
const on = (side: Side, action: ViewerAction): PairAction => ({ type: 'on', side, action });
const run = (pair: PairState, ...actions: PairAction[]): PairState => actions.reduce(nextPair, pair);

/** The right picture has twice as many pixels each way. */
const both = run(
  startPair,
  { type: 'opened', side: 'left', size: { width: 200, height: 200 } },
  { type: 'opened', side: 'right', size: { width: 400, height: 400 } },
  on('left', { type: 'stage', stage }),
  on('right', { type: 'stage', stage }),
);
const zoomed = on('left', { type: 'zoom', factor: 4 });
const pan = (side: Side): PairAction => on(side, { type: 'pan', by: { x: 0.25, y: 0 } });
const darker = on('right', { type: 'change-look', by: { brightness: -20, contrast: 10 } });

describe('two pictures', () => {
  it('zoom, move and darken together', () => {
    const { left, right } = run(both, zoomed, pan('right'), darker);
    expect(right!.view).toEqual({ zoom: 4, x: 0.25, y: 0 });
    expect(left!.view).toEqual(right!.view);
    expect(left!.look).toEqual(right!.look);
    expect(left!.look).toMatchObject({ brightness: -20, contrast: 10 });
  });

  it('go their own ways when they are not linked, and meet again at the left one', () => {
    const apart = run(both, { type: 'link', linked: false }, zoomed, pan('left'), darker);
    expect(apart.right!.view).toEqual({ zoom: 1, x: 0, y: 0 });
    expect(apart.left!.look.brightness).toBe(0);
    const again = nextPair(apart, { type: 'link', linked: true });
    expect(again.right!.view).toEqual(apart.left!.view);
    expect(again.right!.look.brightness).toBe(0);
  });

  it('are turned, flipped, inverted and measured each by itself', () => {
    const { left, right } = run(
      both,
      on('left', { type: 'reorient', change: 'across' }),
      on('left', { type: 'invert' }),
      on('left', { type: 'choose-tool', tool: 'ruler', byKey: true }),
      on('left', { type: 'set-point' }),
    );
    expect(left).toMatchObject({ orientation: { mirrored: true }, look: { inverted: true }, tool: 'ruler' });
    expect(right).toEqual(both.right);
    expect(right!.measuring.draft).toEqual([]);
  });

  it('do not take over a window that was typed for other numbers', () => {
    const typed = run(both, on('left', { type: 'set-base', base: { low: 500, high: 900 } }));
    expect(typed.right!.look.base).toBe('file');
    expect(run(typed, on('left', { type: 'set-base', base: 'whole' })).right!.look.base).toBe('whole');
  });

  it('keep their places when a stage changes its shape or a picture is opened again', () => {
    const moved = run(both, zoomed, pan('left'));
    const wide = run(moved, on('left', { type: 'stage', stage: { ...stage, width: 1600 } }));
    expect(wide.left!.view.x).toBe(0);
    expect(wide.right!.view.x).toBe(0.25);
    const again = nextPair(moved, { type: 'opened', side: 'left', size: { width: 200, height: 200 } });
    expect(again).toBe(moved);
  });
});
