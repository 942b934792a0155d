import { describe, expect, it } from 'vitest';
import { upright } from '../orientation.ts';
import { stageAt } from '../stage-geometry.ts';
import { nextState, startState, type Tool, type ViewerAction, type ViewerState } from '../viewer-state.ts';
import { actionOfKey } from '../viewer-keys.ts';
import { isMeasuring } from './measure-actions.ts';

/** A picture of 400 × 200 pixels on a stage of 800 × 400: two CSS pixels for each. */
const size = { width: 400, height: 200 };
const start = nextState(startState(size), {
  type: 'stage',
  stage: { width: 800, height: 400, pixelRatio: 1 },
});

const run = (state: ViewerState, ...actions: ViewerAction[]): ViewerState =>
  actions.reduce<ViewerState>(nextState, state);

/** Where a pixel of the picture lies, as gestures say it. */
function place(x: number, y: number): { x: number; y: number } {
  const at = stageAt({ x, y }, start);
  return { x: (at.x - 400) / 800, y: (at.y - 200) / 400 };
}

const held = { reach: 9 };
const press = (x: number, y: number): ViewerAction => ({ type: 'press', at: place(x, y), ...held });
const release = (x: number, y: number): ViewerAction => ({ type: 'release', at: place(x, y), ...held });
const drag = (x: number, y: number): ViewerAction => {
  return { type: 'drag', by: { x: 0.1, y: 0 }, byStage: { x: 0.1, y: 0 }, look: false, at: place(x, y) };
};
const take = (tool: Tool): ViewerAction => ({ type: 'choose-tool', tool });
const tap = (x: number, y: number): ViewerAction[] => [press(x, y), release(x, y)];

function key(state: ViewerState, ...typed: string[]): ViewerState {
  return typed.reduce((now, name) => {
    const [held_, bare] = name.startsWith('Shift+') ? [true, name.slice(6)] : [false, name];
    const action = actionOfKey(
      { key: bare, shiftKey: held_, ctrlKey: false, altKey: false, metaKey: false },
      {
        measuring: isMeasuring(now),
        selected: now.measuring.selected !== undefined,
        frames: 3,
        frame: now.wantedFrame,
      },
    );
    return action === undefined ? now : nextState(now, action);
  }, state);
}

const pointsOf = ({ measuring }: ViewerState, index = 0) =>
  measuring.items[index]?.points.map(({ x, y }) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);

describe('measuring with a pointer', () => {
  it('draws a line from where it is pressed to where it is let go, and selects it', () => {
    const drawn = run(start, take('ruler'), press(10, 20), drag(60, 20), release(110, 20));
    expect(pointsOf(drawn)).toEqual([
      [10, 20],
      [110, 20],
    ]);
    expect(drawn.measuring).toMatchObject({ draft: [], selected: { id: 1, part: 'whole' } });
    expect(drawn.view).toBe(start.view);
  });

  it('lets go of what is held when the picture is turned or put back: nothing moves without a button', () => {
    const drawn = run(start, take('ruler'), press(10, 20), drag(110, 20), release(110, 20), take('move'));
    const hover = (x: number, y: number): ViewerAction => ({ type: 'hover', at: place(x, y) });
    for (const change of [{ type: 'reorient', change: 'clockwise' }, { type: 'reset' }] as const) {
      const turned = run(drawn, press(110, 20), change);
      expect(turned.measuring.press).toBeUndefined();
      const after = run(turned, drag(60, 90), release(60, 90), hover(30, 50));
      expect(after.measuring.items).toEqual(drawn.measuring.items);
    }
    expect(run(drawn, press(110, 20), hover(30, 50)).measuring.items).toEqual(drawn.measuring.items);
    const begun = run(start, take('ruler'), press(10, 20), { type: 'reorient', change: 'clockwise' });
    expect(begun.measuring.draft).toEqual([]);
  });

  it('draws with taps as well, one for each point', () => {
    const drawn = run(start, take('angle'), ...tap(10, 20), ...tap(50, 20), ...tap(50, 90));
    expect(pointsOf(drawn)).toEqual([
      [10, 20],
      [50, 20],
      [50, 90],
    ]);
  });

  it('draws the first arm of an angle in one movement and the second with a tap', () => {
    const drawn = run(start, take('angle'), press(10, 20), drag(50, 20), release(50, 20), ...tap(50, 90));
    expect(pointsOf(drawn)).toEqual([
      [10, 20],
      [50, 20],
      [50, 90],
    ]);
  });

  it('probes the middle of the pixel that was meant', () => {
    const drawn = run(start, take('probe'), ...tap(10.9, 20.2));
    expect(pointsOf(drawn)).toEqual([[10.5, 20.5]]);
  });

  it('keeps within the picture', () => {
    const drawn = run(start, take('rectangle'), press(-50, 20.5), drag(900, 900), release(900, 900));
    expect(pointsOf(drawn)).toEqual([
      [0.5, 20.5],
      [399.5, 199.5],
    ]);
  });

  it('forgets what it began when a second finger comes down', () => {
    const given = run(start, take('ruler'), press(10, 20), { type: 'give-up' }, release(200, 100));
    expect(given.measuring).toMatchObject({ items: [], draft: [] });
    const second = run(
      start,
      take('ruler'),
      ...tap(10, 20),
      press(90, 20),
      { type: 'give-up' },
      ...tap(60, 20),
    );
    expect(pointsOf(second)).toEqual([
      [10, 20],
      [60, 20],
    ]);
  });

  it('moves an end, or all of it, with whatever tool is in hand', () => {
    const drawn = run(start, take('ruler'), press(10, 20), drag(110, 20), release(110, 20), take('move'));
    const end = run(drawn, press(110, 21), drag(130, 60), release(130, 60));
    expect(pointsOf(end)).toEqual([
      [10, 20],
      [130, 60],
    ]);
    const whole = run(drawn, press(60, 20), drag(65, 50), drag(70, 60), release(70, 60));
    expect(pointsOf(whole)).toEqual([
      [20, 60],
      [120, 60],
    ]);
    expect(whole.view).toBe(drawn.view);
  });

  it('moves what stands on pixels by pixels, and loses none of the way', () => {
    const drawn = run(start, take('rectangle'), press(10.5, 20.5), drag(30.5, 40.5), release(30.5, 40.5));
    const moved = run(drawn, press(20.5, 20.5), drag(20.9, 20.5), drag(21.3, 20.5), drag(21.7, 20.5));
    expect(pointsOf(moved)).toEqual([
      [11.5, 20.5],
      [31.5, 40.5],
    ]);
    const back = run(moved, drag(-900, 20.5), drag(20.5, 20.5));
    expect(pointsOf(back)).toEqual([
      [10.5, 20.5],
      [30.5, 40.5],
    ]);
  });

  it('moves the picture where nothing lies, and unselects', () => {
    const drawn = run(start, take('ruler'), press(10, 20), drag(110, 20), release(110, 20), take('move'));
    const zoomed = run(drawn, { type: 'zoom', factor: 2 }, press(300, 150), drag(320, 150));
    expect(zoomed.measuring.selected).toBeUndefined();
    expect(zoomed.view.x).toBeCloseTo(0.1, 12);
  });

  it('takes two quick taps for two points, not for zooming', () => {
    const state = run(start, take('ruler'), ...tap(10, 20));
    expect(nextState(state, { type: 'toggle-fit', about: { x: 0, y: 0 } })).toBe(state);
  });
});

describe('measuring by keyboard', () => {
  it('begins with a crosshair in the middle, which the arrows move by one pixel or ten', () => {
    const state = key(start, 'd', 'ArrowLeft', 'Shift+ArrowDown');
    expect(state.measuring).toMatchObject({ byKeys: true, cursor: { x: 199.5, y: 110.5 } });
    expect(state.view).toBe(start.view);
  });

  it.each([
    [
      'd',
      'ruler',
      [
        [200.5, 100.5],
        [210.5, 100.5],
      ],
    ],
    [
      'a',
      'angle',
      [
        [200.5, 100.5],
        [210.5, 100.5],
        [220.5, 100.5],
      ],
    ],
    [
      'e',
      'rectangle',
      [
        [200.5, 100.5],
        [210.5, 100.5],
      ],
    ],
    ['p', 'probe', [[200.5, 100.5]]],
  ] as const)('%s sets the points of a %s with Enter and Space', (letter, kind, points) => {
    const state = key(start, letter, 'Enter', 'Shift+ArrowRight', ' ', 'Shift+ArrowRight', 'Enter');
    expect(state.measuring.items[0]?.kind).toBe(kind);
    expect(pointsOf(state)).toEqual(points);
  });

  it('goes by the screen, however the picture is turned', () => {
    const state = key(start, 't', 'd', 'Enter', 'Shift+ArrowRight', 'Enter');
    // To the right on the screen is up in a picture that was turned to the right.
    expect(pointsOf(state)).toEqual([
      [200.5, 100.5],
      [200.5, 90.5],
    ]);
    expect(state.orientation).not.toEqual(upright);
  });

  it('keeps the crosshair in sight', () => {
    const close = key(
      start,
      '1',
      '+',
      '+',
      '+',
      '+',
      'd',
      ...Array.from({ length: 30 }, () => 'Shift+ArrowRight'),
    );
    const { x } = stageAt(close.measuring.cursor!, close);
    expect(close.measuring.cursor!.x).toBe(399.5);
    expect(x).toBeLessThanOrEqual(800);
  });

  it('is cancelled by Escape step by step, down to the tool', () => {
    const drawing = key(start, 'd', 'Enter');
    expect(key(drawing, 'Escape').measuring).toMatchObject({ draft: [], byKeys: true });
    expect(key(drawing, 'Escape', 'Escape')).toMatchObject({ tool: 'move', measuring: { byKeys: false } });
  });

  const two = key(start, 'd', 'Enter', 'Shift+ArrowRight', 'Enter', 'p', 'Shift+ArrowDown', 'Enter', 'm');

  it('selects one after the other, moves it, and moves each of its ends', () => {
    const first = key(two, 'n');
    expect(first.measuring.selected).toEqual({ id: 1, part: 'whole' });
    expect(pointsOf(key(first, 'ArrowUp', 'Shift+ArrowLeft'))).toEqual([
      [190.5, 99.5],
      [200.5, 99.5],
    ]);
    expect(pointsOf(key(first, 'Enter', 'ArrowUp'))).toEqual([
      [200.5, 99.5],
      [210.5, 100.5],
    ]);
    expect(pointsOf(key(first, 'Enter', 'Enter', 'ArrowUp'))).toEqual([
      [200.5, 100.5],
      [210.5, 99.5],
    ]);
    expect(key(first, 'Enter', 'Enter', 'Enter')).toEqual(first);
    expect(key(two, 'n', 'n').measuring.selected?.id).toBe(2);
    expect(key(two, 'n', 'n', 'n').measuring.selected?.id).toBe(1);
    expect(key(two, 'Shift+N').measuring.selected?.id).toBe(2);
  });

  it('deletes what is selected and nothing else', () => {
    expect(key(two, 'Delete').measuring.items).toHaveLength(2);
    expect(key(two, 'n', 'Delete').measuring.items.map(({ id }) => id)).toEqual([2]);
  });

  it('gives the keys back to the picture when nothing is selected', () => {
    const left = key(two, 'n', 'Escape', '1', 'ArrowRight');
    expect(pointsOf(left)).toEqual(pointsOf(two));
    expect(key(two, 'n', 'Escape', '+', 'ArrowRight').view.x).toBeCloseTo(-0.1, 12);
  });
});

describe('a file with several pictures', () => {
  it('keeps what was measured with the picture that it belongs to', () => {
    const drawn = run(start, take('ruler'), press(10, 20), drag(110, 20), release(110, 20));
    const next = run(key(drawn, 'PageDown'), { type: 'frame-shown', frame: 1 });
    expect(next.wantedFrame).toBe(1);
    expect(next.measuring.selected).toBeUndefined();
    expect(key(next, 'n').measuring.selected).toBeUndefined();
    expect(run(next, { type: 'select', id: 1 }).wantedFrame).toBe(0);
  });
});
