import type { LungGrid, LungPair } from './lung-pair.ts';

export interface Coverage {
  /** The largest share of one edge of the picture that runs through lung. */
  readonly cutEdgeShare: number;
  /** The largest share of one edge that has lung within 3 % of the picture's side; twice the share at the lower edge. */
  readonly nearEdgeShare: number;
}

/** A network that has learnt from whole lungs closes the outline just before an edge that cuts them. */
const nearShare = 0.03;
/** At the bases it closes them in an arch, of which only the tips come near the edge. */
const lowerEdgeCounts = 2;

export function measureCoverage(grid: LungGrid): Coverage {
  const cut = edgeShares(grid, 1, 1);
  const near = edgeShares(grid, nearCells(grid.columns), nearCells(grid.rows));
  return {
    cutEdgeShare: Math.max(cut.top, cut.bottom, cut.left, cut.right),
    nearEdgeShare: Math.min(1, Math.max(near.top, near.bottom * lowerEdgeCounts, near.left, near.right)),
  };
}

function nearCells(cells: number): number {
  return Math.max(1, Math.round(cells * nearShare));
}

/** The share of each edge with lung in the `deepX` columns, or the `deepY` rows, along it. */
function edgeShares({ columns, rows, inside }: LungGrid, deepX: number, deepY: number) {
  const [top, bottom] = [new Uint8Array(columns), new Uint8Array(columns)];
  const [left, right] = [new Uint8Array(rows), new Uint8Array(rows)];
  for (let cell = 0; cell < inside.length; cell += 1) {
    if (inside[cell] === 0) continue;
    const x = cell % columns;
    const y = (cell - x) / columns;
    if (y < deepY) top[x] = 1;
    if (y >= rows - deepY) bottom[x] = 1;
    if (x < deepX) left[y] = 1;
    if (x >= columns - deepX) right[y] = 1;
  }
  const share = (edge: Uint8Array): number => edge.reduce((sum, hit) => sum + hit, 0) / edge.length;
  return { top: share(top), bottom: share(bottom), left: share(left), right: share(right) };
}

export interface Rotation {
  /** Degrees by which the line through the lungs' centres leaves the horizontal. */
  readonly tiltDegrees: number;
  /** (wider − narrower) / (wider + narrower) of the two lungs' widths: a body turned about its long axis narrows one. */
  readonly widthDifference: number;
}

/** `image` gives the shape of the picture: the grid squashes it. */
export function measureRotation(
  { columns, rows }: LungGrid,
  { left, right }: LungPair,
  image: { readonly width: number; readonly height: number },
): Rotation {
  const across = ((right.centreX - left.centreX) * image.width) / columns;
  const down = ((right.centreY - left.centreY) * image.height) / rows;
  const [one, other] = [left, right].map((lung) => lung.area / (lung.bottom - lung.top)) as [number, number];
  return {
    tiltDegrees: (Math.atan2(Math.abs(down), across) * 180) / Math.PI,
    widthDifference: Math.abs(one - other) / (one + other),
  };
}
