import type { DisplayWindow } from '../engine/picture-api.ts';

/** What the two sliders say, each from −100 to 100; 0 shows the picture as its file asks for. */
export interface Look {
  readonly brightness: number;
  readonly contrast: number;
}

export const plainLook: Look = { brightness: 0, contrast: 0 };
export const lookLimit = 100;

/** At full contrast the window is 2^2.5 times as narrow as the range of the picture. */
const contrastToHalve = 40;

/** Brightness moves the middle of the window through the whole range, contrast makes it narrow. */
export function windowOf({ brightness, contrast }: Look): DisplayWindow {
  const middle = 0.5 - brightness / (2 * lookLimit);
  const half = 2 ** (-contrast / contrastToHalve) / 2;
  return { low: middle - half, high: middle + half };
}

function limit(value: number): number {
  return Math.min(lookLimit, Math.max(-lookLimit, value));
}

export function changeLook(look: Look, by: Look): Look {
  return { brightness: limit(look.brightness + by.brightness), contrast: limit(look.contrast + by.contrast) };
}

/**
 * As on a PACS workstation: up is brighter, right is more contrast.
 * @param right and `down`: as shares of the stage; half a stage goes from the middle to the end
 */
export function lookOfDrag(right: number, down: number): Look {
  return { brightness: -down * 2 * lookLimit, contrast: right * 2 * lookLimit };
}
