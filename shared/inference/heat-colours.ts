/**
 * A sequential scale from violet over green to yellow whose lightness rises evenly, so that it reads the same with any
 * colour vision and in grey: stops of viridis (Smith and van der Walt, 2015).
 */
const stops: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/** @param value 0 … 1 @returns red, green, blue, each 0 … 255 */
function heatColour(value: number): [number, number, number] {
  const position = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(position));
  const share = position - below;
  const from = stops[below]!;
  const to = stops[below + 1]!;
  const mix = (channel: 0 | 1 | 2): number => from[channel] + (to[channel] - from[channel]) * share;
  return [mix(0), mix(1), mix(2)];
}

/** Weak cells stay see-through, so that the film is not painted over where nothing was used. */
function heatOpacity(value: number, strongest = 0.55): number {
  return strongest * Math.min(1, Math.max(0, (value - 0.1) / 0.6));
}

/** RGBA for the values 0/255 … 255/255: colour and opacity of a heat map's pixels. */
export function heatPalette(strongest?: number): Uint8Array {
  const palette = new Uint8Array(256 * 4);
  for (let entry = 0; entry < 256; entry += 1) {
    palette.set(heatColour(entry / 255), entry * 4);
    palette[entry * 4 + 3] = Math.round(heatOpacity(entry / 255, strongest) * 255);
  }
  return palette;
}
