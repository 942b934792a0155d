/** Closed rings in image pixels as an SVG path; drawn with the even-odd rule, an inner ring is a hole. */
export function outlinePath(rings: readonly (readonly (readonly [x: number, y: number])[])[]): string {
  return rings.map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join('L')}Z`).join('');
}
