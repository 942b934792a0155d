import type { LungGrid, LungPair } from './lung-pair.ts';

export interface Coverage {
  /** The largest share of one edge of the picture that runs through lung. */
  readonly cutEdgeShare: number;
  /** The narrowest distance between lung and edge, as a share of that side of the picture. */
  readonly margin: number;
}

export function measureCoverage({ columns, rows, inside }: LungGrid, { left, right }: LungPair): Coverage {
  let [top, bottom, west, east] = [0, 0, 0, 0];
  for (let x = 0; x < columns; x += 1) {
    top += inside[x]!;
    bottom += inside[(rows - 1) * columns + x]!;
  }
  for (let y = 0; y < rows; y += 1) {
    west += inside[y * columns]!;
    east += inside[y * columns + columns - 1]!;
  }
  return {
    cutEdgeShare: Math.max(top / columns, bottom / columns, west / rows, east / rows),
    margin: Math.min(
      Math.min(left.left, columns - right.right) / columns,
      Math.min(left.top, right.top) / rows,
      (rows - Math.max(left.bottom, right.bottom)) / rows,
    ),
  };
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
