import type { ValueRange } from '../../shared/imaging/pixel-values.ts';
import { isAsInFile } from './look-words.ts';
import type { DisplayWindow, PictureInfo } from '../engine/picture-api.ts';

/**
 * What brightness and contrast start from: what the file says, every value that occurs, or the values between two numbers
 * that a person has typed.
 */
export type LookBase = 'file' | 'whole' | ValueRange;

/** Brightness and contrast from −100 to 100; 0 shows the picture as its base asks for. */
export interface Look {
  readonly brightness: number;
  readonly contrast: number;
  readonly inverted: boolean;
  readonly base: LookBase;
}

export type LookChange = Pick<Look, 'brightness' | 'contrast'>;

/** What of a picture a window depends on. */
export type WindowFacts = Pick<PictureInfo, 'range' | 'shown'>;

export const plainLook: Look = { brightness: 0, contrast: 0, inverted: false, base: 'file' };
export const lookLimit = 100;

/** At full contrast the window is 2^2.5 times as narrow as the range of the picture. */
const contrastToHalve = 40;

/** Brightness moves the middle of the window through the whole range, contrast makes it narrow. */
export function windowOf(look: Look, facts: WindowFacts): DisplayWindow {
  const { low, high } = sharesOf(look);
  const inverted = look.inverted ? ({ inverted: true } as const) : {};
  const base = baseRange(look, facts);
  // As it was decoded, whatever curve the file asks for. Elsewhere the values reach beyond what the file cuts off.
  if (base === undefined || isAsInFile(look)) return { low, high, ...inverted };
  const span = base.high - base.low;
  return { low: base.low + low * span, high: base.low + high * span, scale: 'values', ...inverted };
}

function sharesOf({ brightness, contrast }: LookChange): ValueRange {
  const middle = 0.5 - brightness / (2 * lookLimit);
  const half = 2 ** (-contrast / contrastToHalve) / 2;
  return { low: middle - half, high: middle + half };
}

function baseRange({ base }: Look, { range, shown }: WindowFacts): ValueRange | undefined {
  if (range === undefined || base === 'file') return range && shown;
  return base === 'whole' ? range : base;
}

/** A window as DICOM writes it, with the LINEAR function (PS3.3 C.11.2.1.2.1). */
export interface WindowNumbers {
  readonly centre: number;
  readonly width: number;
}

/** Undefined where no two values are shown as black and white: the file asks for a curve, or has no values. */
export function numbersOf(look: Look, facts: WindowFacts): WindowNumbers | undefined {
  const base = baseRange(look, facts);
  if (base === undefined) return undefined;
  const { low, high } = sharesOf(look);
  const span = base.high - base.low;
  const step = linearStep(facts);
  return { centre: base.low + ((low + high) / 2) * span + step / 2, width: (high - low) * span + step };
}

/** A window without a width, of one value only, still parts black from white. */
const narrowest = 1e-3;

/** Undefined where the numbers make no window. */
export function rangeOfNumbers({ centre, width }: WindowNumbers, facts: WindowFacts): ValueRange | undefined {
  const step = linearStep(facts);
  const middle = centre - step / 2;
  const half = (width - step) / 2;
  if (!(width > 0 && half >= 0 && Number.isFinite(half + middle))) return undefined;
  return half === 0 ? { low: middle, high: middle + narrowest } : { low: middle - half, high: middle + half };
}

/** LINEAR counts whole values; where they are fractions it would have nothing to count (LINEAR_EXACT then). */
function linearStep({ range }: WindowFacts): number {
  return range !== undefined && range.high - range.low >= 16 ? 1 : 0;
}

function limit(value: number): number {
  return Math.min(lookLimit, Math.max(-lookLimit, value));
}

export function changeLook(look: Look, by: LookChange): Look {
  return {
    ...look,
    brightness: limit(look.brightness + by.brightness),
    contrast: limit(look.contrast + by.contrast),
  };
}

/** From another base everything starts anew but inversion. */
export function rebased({ inverted }: Look, base: LookBase): Look {
  return { ...plainLook, inverted, base };
}

/**
 * As on a PACS workstation: up is brighter, right is more contrast.
 * @param right and `down`: as shares of the stage; half a stage goes from the middle to the end
 */
export function lookOfDrag(right: number, down: number): LookChange {
  return { brightness: -down * 2 * lookLimit, contrast: right * 2 * lookLimit };
}
