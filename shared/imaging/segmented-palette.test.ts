import { describe, expect, it } from 'vitest';
import { expandSegments } from './segmented-palette.ts';

// The example of PS3.3 C.7.9.2 in small: two entries, a ramp, and the ramp's segment again.
describe('segmented palettes', () => {
  it('expand discrete, linear and indirect segments of 16 bits', () => {
    const units = [0, 2, 100, 200, 1, 4, 1000, 2, 1, 8, 0];
    // The indirect segment copies the linear one (byte 8): from the last entry, 1000, to 1000.
    expect([...expandSegments(units, 10, 2)]).toEqual([
      100, 200, 400, 600, 800, 1000, 1000, 1000, 1000, 1000,
    ]);
  });

  it('expand segments of 8 bits, whose offsets have four units', () => {
    const units = [0, 1, 10, 1, 2, 20, 0, 1, 0, 2, 1, 3, 0, 0, 0];
    expect([...expandSegments(units, 6, 1)]).toEqual([10, 15, 20, 0, 10, 20]);
  });

  it.each([
    ['is cut', [0, 5, 1, 2], 5],
    ['has fewer entries', [0, 2, 1, 2], 5],
    ['has more entries', [0, 4, 1, 2, 3, 4], 3],
    ['begins with a linear segment', [1, 4, 100], 4],
    ['has a segment of kind 7', [7, 1, 1], 4],
    ['has a segment of kind 2', [0, 1, 9, 2, 1, 6, 0], 4],
    ['is cut', [0, 1, 9, 2, 60_000, 0, 60_000], 4],
  ])('are refused where the table %s', (message, units, length) => {
    expect(() => expandSegments(units, length, 2)).toThrow(
      expect.objectContaining({ code: 'image.damaged', message: expect.stringContaining(message) }),
    );
  });
});
