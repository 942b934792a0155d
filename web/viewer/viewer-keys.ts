import type { ViewerAction } from './viewer-state.ts';

interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** What the keys have to do with at the moment. */
export interface KeyContext {
  /** The tool in hand measures. */
  readonly measuring: boolean;
  /** A measurement is selected. */
  readonly selected: boolean;
  readonly frames: number;
  readonly frame: number;
}

const restful: KeyContext = { measuring: false, selected: false, frames: 1, frame: 0 };
const zoomStep = 1.25;

const arrows = new Map([
  ['ArrowLeft', { x: -1, y: 0 }],
  ['ArrowRight', { x: 1, y: 0 }],
  ['ArrowUp', { x: 0, y: -1 }],
  ['ArrowDown', { x: 0, y: 1 }],
]);

export const zoomIn: ViewerAction = { type: 'zoom', factor: zoomStep };
export const zoomOut: ViewerAction = { type: 'zoom', factor: 1 / zoomStep };

const plainKeys = new Map<string, ViewerAction>([
  ['+', zoomIn],
  ['=', zoomIn],
  ['-', zoomOut],
  ['_', zoomOut],
  ['0', { type: 'fit' }],
  ['1', { type: 'one-to-one' }],
  ['r', { type: 'reset' }],
  ['m', { type: 'choose-tool', tool: 'move', byKey: true }],
  ['b', { type: 'choose-tool', tool: 'look', byKey: true }],
  ['d', { type: 'choose-tool', tool: 'ruler', byKey: true }],
  ['a', { type: 'choose-tool', tool: 'angle', byKey: true }],
  ['e', { type: 'choose-tool', tool: 'rectangle', byKey: true }],
  ['p', { type: 'choose-tool', tool: 'probe', byKey: true }],
  ['n', { type: 'select-next', by: 1 }],
  ['t', { type: 'reorient', change: 'clockwise' }],
  ['f', { type: 'reorient', change: 'across' }],
  ['i', { type: 'invert' }],
  ['w', { type: 'toggle-base' }],
  ['l', { type: 'toggle-lungs' }],
  ['h', { type: 'toggle-heat' }],
]);

const shiftKeys = new Map<string, ViewerAction>([
  ['t', { type: 'reorient', change: 'anticlockwise' }],
  ['f', { type: 'reorient', change: 'over' }],
  ['n', { type: 'select-next', by: -1 }],
]);

/** Undefined for keys that are the browser's. */
export function actionOfKey(
  { key, shiftKey, ctrlKey, altKey, metaKey }: KeyPress,
  context: KeyContext = restful,
): ViewerAction | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  const by = arrows.get(key);
  if (by !== undefined) return { type: 'arrow', by, far: shiftKey };
  // Shift is part of typing a plus on many keyboards, and caps lock changes the letters.
  const name = key.length === 1 ? key.toLowerCase() : key;
  return contextKey(name, context) ?? (shiftKey ? shiftKeys.get(name) : undefined) ?? plainKeys.get(name);
}

/** Enter, Space, Escape and Delete stay with the page while there is nothing to do for them. */
function contextKey(
  name: string,
  { measuring, selected, frames, frame }: KeyContext,
): ViewerAction | undefined {
  switch (name) {
    case 'Enter':
    case ' ':
      return measuring || selected ? { type: 'set-point' } : undefined;
    case 'Escape':
      return measuring || selected ? { type: 'escape' } : undefined;
    case 'Delete':
    case 'Backspace':
      return selected ? { type: 'remove' } : undefined;
    case 'PageUp':
      return frames > 1 ? { type: 'to-frame', frame: Math.max(0, frame - 1) } : undefined;
    case 'PageDown':
      return frames > 1 ? { type: 'to-frame', frame: Math.min(frames - 1, frame + 1) } : undefined;
    default:
      return undefined;
  }
}

interface KeyGroup {
  readonly title: string;
  readonly keys: readonly KeyLine[];
}

interface KeyLine {
  readonly keys: readonly string[];
  readonly does: string;
  /** It does nothing without it. */
  readonly needs?: keyof KeysUsed;
}

/** What the picture has, or where it stands. */
export interface KeysUsed {
  readonly lungs: boolean;
  readonly heat: boolean;
  readonly list: boolean;
}

/** For the list beside the picture: the keys that do something there. */
export function keyHelp(used: KeysUsed): readonly KeyGroup[] {
  const isUsed = ({ needs }: KeyLine): boolean => needs === undefined || used[needs];
  return allKeys.map(({ title, keys }) => ({ title, keys: keys.filter(isUsed) }));
}

const allKeys: readonly KeyGroup[] = [
  {
    title: 'Looking',
    keys: [
      { keys: ['←', '→', '↑', '↓'], does: 'Look further left, right, up, down' },
      { keys: ['+', '−'], does: 'Zoom in, zoom out' },
      { keys: ['0'], does: 'Fit the whole picture' },
      { keys: ['1'], does: 'One pixel of the picture on one of the screen' },
      { keys: ['Shift ↑', 'Shift ↓'], does: 'Brighter, darker' },
      { keys: ['Shift →', 'Shift ←'], does: 'More, less contrast' },
      { keys: ['B'], does: 'Brightness tool: the arrows alone do the same' },
      { keys: ['W'], does: 'Grey scale of the file, or every value there is' },
      { keys: ['I'], does: 'Invert black and white' },
      { keys: ['T', 'Shift T'], does: 'Turn to the right, to the left' },
      { keys: ['F', 'Shift F'], does: 'Flip left and right, top and bottom' },
      { keys: ['R'], does: 'Reset everything about how the picture is shown' },
      { keys: ['L'], does: 'Lung outline on or off', needs: 'lungs' },
      { keys: ['H'], does: 'Heat map on or off', needs: 'heat' },
      { keys: ['Page Up', 'Page Down'], does: 'Picture before, picture after, in a file that holds several' },
      {
        keys: ['Alt Page Up', 'Alt Page Down'],
        does: 'X-ray before, X-ray after, in the list',
        needs: 'list',
      },
      { keys: ['?'], does: 'This list' },
    ],
  },
  {
    title: 'Measuring',
    keys: [
      { keys: ['D'], does: 'Ruler (distance)' },
      { keys: ['A'], does: 'Angle: end, corner, end' },
      { keys: ['E'], does: 'Rectangle: two opposite corners' },
      { keys: ['P'], does: 'Probe: the value under the crosshair' },
      { keys: ['←', '→', '↑', '↓'], does: 'Move the crosshair by one pixel, with Shift by ten' },
      { keys: ['Enter', 'Space'], does: 'Set a point' },
      { keys: ['Escape'], does: 'Cancel what is being drawn; once more: put the tool down' },
      { keys: ['M'], does: 'Move tool: the arrows move the picture again' },
      { keys: ['N', 'Shift N'], does: 'Select the next measurement, the one before' },
      { keys: ['←', '→', '↑', '↓'], does: 'Move what is selected by one pixel, with Shift by ten' },
      { keys: ['Enter', 'Space'], does: 'With one selected: its first end, the next, then all of it again' },
      { keys: ['Delete'], does: 'Delete the selected measurement' },
    ],
  },
];
