import { describe, expect, it } from 'vitest';
import { plainLook } from './display-window.ts';
import { actionOfKey, keyHelp } from './viewer-keys.ts';
import { nextState, startState, type ViewerState } from './viewer-state.ts';

const stage = { width: 800, height: 600, pixelRatio: 1 };
const start = nextState(startState({ width: 1600, height: 1200 }), { type: 'stage', stage });

type Modifier = 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey';
const none = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
const press = (key: string, ...held: Modifier[]) =>
  actionOfKey({ ...none, ...Object.fromEntries(held.map((modifier) => [modifier, true])), key });

/** What the keys do one after the other. */
function after(...keys: (string | readonly [key: string, held: Modifier])[]): ViewerState {
  return keys.reduce<ViewerState>((state, typed) => {
    const action = typeof typed === 'string' ? press(typed) : press(...typed);
    return action === undefined ? state : nextState(state, action);
  }, start);
}

describe('the keys', () => {
  it('zoom in and out by the same step', () => {
    expect(after('+', '+').view.zoom).toBeCloseTo(1.5625, 12);
    expect(after('=', '-').view).toEqual(start.view);
  });

  it('fit, and show 1:1', () => {
    expect(after('1').view.zoom).toBe(2);
    expect(after('1', 'ArrowLeft', '0').view).toEqual(start.view);
  });

  it('look further in the direction of the arrow: the picture goes the other way', () => {
    expect(after('1', 'ArrowRight').view).toEqual({ zoom: 2, x: -0.1, y: 0 });
    expect(after('1', 'ArrowUp').view).toEqual({ zoom: 2, x: 0, y: 0.1 });
  });

  it('change brightness and contrast with shift, and not the view', () => {
    const changed = after(['ArrowUp', 'shiftKey'], ['ArrowUp', 'shiftKey'], ['ArrowLeft', 'shiftKey']);
    expect(changed.look).toEqual({ ...plainLook, brightness: 10, contrast: -5 });
    expect(changed.view).toBe(start.view);
  });

  it('reset what they changed and leave the overlays', () => {
    const changed = after('+', ['ArrowUp', 'shiftKey'], 't', 'i', 'w', 'l', 'H', 'r');
    expect(changed).toEqual({ ...start, lungsShown: false, heatShown: false });
  });

  it('turn and flip, the other way with shift', () => {
    expect(after('t').orientation).toEqual({ quarterTurns: 1, mirrored: false });
    expect(after('t', ['T', 'shiftKey']).orientation).toEqual(start.orientation);
    expect(after('f', ['F', 'shiftKey']).orientation).toEqual({ quarterTurns: 2, mirrored: false });
  });

  it('change brightness without shift while that is the tool', () => {
    expect(after('b', 'ArrowUp', 'ArrowRight').look).toEqual({ ...plainLook, brightness: 5, contrast: 5 });
    expect(after('b', '1', ['ArrowLeft', 'shiftKey']).view).toEqual({ zoom: 2, x: 0.1, y: 0 });
  });

  it('type a plus with shift, and letters with caps lock', () => {
    expect(press('+', 'shiftKey')).toEqual(press('+'));
    expect(press('L')).toEqual({ type: 'toggle-lungs' });
  });

  it.each(['ctrlKey', 'altKey', 'metaKey'] as const)('leave the browser its own: %s', (held) => {
    for (const key of ['+', '-', '0', 'r', 'l', 'ArrowLeft']) expect(press(key, held)).toBeUndefined();
  });

  it('leave tab, enter and space to the page', () => {
    for (const key of ['Tab', 'Enter', ' ', 'toString']) expect(press(key)).toBeUndefined();
  });
});

it('moves the view back when the stage has become too wide for it', () => {
  const edge = nextState(nextState(start, { type: 'one-to-one' }), { type: 'pan', by: { x: -9, y: 0 } });
  expect(edge.view).toEqual({ zoom: 2, x: -0.5, y: 0 });
  const wide = { ...stage, width: 1600 };
  expect(nextState(edge, { type: 'stage', stage: wide }).view).toEqual({ zoom: 2, x: 0, y: 0 });
});

it('lists no key that does nothing where the picture stands', () => {
  const listed = (used: boolean): string =>
    keyHelp({ lungs: used, heat: used, list: used })
      .flatMap(({ keys }) => keys.map(({ does }) => does))
      .join('\n');
  expect(listed(true)).toMatch(/Lung outline[\s\S]*Heat map[\s\S]*in the list/);
  expect(listed(false)).not.toMatch(/Lung outline|Heat map|in the list/);
  expect(listed(false)).toMatch(/Zoom in/);
});
