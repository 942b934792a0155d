import type { ViewerAction } from './viewer-state.ts';

interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** A tenth of the picture as it is shown at 100 %. */
const panStep = 0.1;
const lookStep = 5;
const zoomStep = 1.25;

/** The stage moves under the arrow, as a page does when it is scrolled: the picture goes the other way. */
const plainKeys = new Map<string, ViewerAction>([
  ['ArrowLeft', { type: 'pan', by: { x: panStep, y: 0 } }],
  ['ArrowRight', { type: 'pan', by: { x: -panStep, y: 0 } }],
  ['ArrowUp', { type: 'pan', by: { x: 0, y: panStep } }],
  ['ArrowDown', { type: 'pan', by: { x: 0, y: -panStep } }],
  ['+', { type: 'zoom', factor: zoomStep }],
  ['=', { type: 'zoom', factor: zoomStep }],
  ['-', { type: 'zoom', factor: 1 / zoomStep }],
  ['_', { type: 'zoom', factor: 1 / zoomStep }],
  ['0', { type: 'fit' }],
  ['1', { type: 'one-to-one' }],
  ['r', { type: 'reset' }],
  ['l', { type: 'toggle-lungs' }],
  ['h', { type: 'toggle-heat' }],
]);

const shiftKeys = new Map<string, ViewerAction>([
  ['ArrowLeft', { type: 'change-look', by: { brightness: 0, contrast: -lookStep } }],
  ['ArrowRight', { type: 'change-look', by: { brightness: 0, contrast: lookStep } }],
  ['ArrowUp', { type: 'change-look', by: { brightness: lookStep, contrast: 0 } }],
  ['ArrowDown', { type: 'change-look', by: { brightness: -lookStep, contrast: 0 } }],
]);

export const zoomIn = plainKeys.get('+')!;
export const zoomOut = plainKeys.get('-')!;

/** Undefined for keys that are the browser's. */
export function actionOfKey({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyPress): ViewerAction | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  // Shift is part of typing a plus on many keyboards, and caps lock changes the letters.
  const name = key.length === 1 ? key.toLowerCase() : key;
  return shiftKey && key.length > 1 ? shiftKeys.get(name) : plainKeys.get(name);
}

/** For the list beside the picture. */
export const keyHelp: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['←', '→', '↑', '↓'], does: 'Look further left, right, up, down' },
  { keys: ['+', '−'], does: 'Zoom in, zoom out' },
  { keys: ['0'], does: 'Fit the whole picture' },
  { keys: ['1'], does: 'One pixel of the picture on one of the screen' },
  { keys: ['Shift ↑', 'Shift ↓'], does: 'Brighter, darker' },
  { keys: ['Shift →', 'Shift ←'], does: 'More, less contrast' },
  { keys: ['R'], does: 'Reset zoom, brightness and contrast' },
  { keys: ['L'], does: 'Lung outline on or off' },
  { keys: ['H'], does: 'Heat map on or off' },
];
