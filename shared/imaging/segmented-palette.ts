// Segmented palette tables, PS3.3 C.7.9.2: discrete, linear and indirect segments, in units of 8 or 16 bits.

import { AppError } from '../kernel/errors.ts';

/**
 * `units` are the words of the segmented data, or its bytes where entries have 8 bits; `length` is the number of entries
 * that the descriptor promises. Throws `image.damaged` where the segments give another number.
 */
export function expandSegments(units: ArrayLike<number>, length: number, unitBytes: 1 | 2): Uint16Array {
  const out = new Uint16Array(length);
  let written = 0;

  function write(value: number): void {
    if (written === length) throw damaged('has more entries than its descriptor says');
    out[written] = value;
    written += 1;
  }

  function unit(at: number): number {
    const value = units[at];
    if (value === undefined) throw damaged('is cut');
    return value;
  }

  /** @returns where the next segment begins */
  function discrete(at: number): number {
    const count = unit(at + 1);
    for (let index = 0; index < count; index += 1) write(unit(at + 2 + index));
    return at + 2 + count;
  }

  /** From the last entry, which is not repeated, to the one given, in equal steps. */
  function linear(at: number): number {
    const count = unit(at + 1);
    const last = unit(at + 2);
    if (written === 0) throw damaged('begins with a linear segment');
    const first = out[written - 1] ?? 0;
    for (let step = 1; step <= count; step += 1) write(Math.round(first + ((last - first) * step) / count));
    return at + 3;
  }

  /** Segments that lie elsewhere, again; they may not be indirect themselves. */
  function indirect(at: number): number {
    const offsetUnits = 4 / unitBytes;
    let offset = 0;
    for (let index = offsetUnits - 1; index >= 0; index -= 1)
      offset = offset * 2 ** (8 * unitBytes) + unit(at + 2 + index);
    let from = offset / unitBytes;
    for (let segment = unit(at + 1); segment > 0; segment -= 1) from = direct(from);
    return at + 2 + offsetUnits;
  }

  function direct(at: number): number {
    const kind = unit(at);
    if (kind === 0) return discrete(at);
    if (kind === 1) return linear(at);
    throw damaged(`has a segment of kind ${kind}`);
  }

  let at = 0;
  while (at + 1 < units.length) at = unit(at) === 2 ? indirect(at) : direct(at);
  if (written < length) throw damaged('has fewer entries than its descriptor says');
  return out;
}

function damaged(how: string): AppError {
  return new AppError('image.damaged', `the segmented palette ${how}`);
}
