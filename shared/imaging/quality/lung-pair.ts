import { labelComponents } from '../label-components.ts';

/** Which cells of a grid are lung. The grid covers the whole picture, row-major. */
export interface LungGrid {
  readonly columns: number;
  readonly rows: number;
  /** 1 inside a lung, else 0. */
  readonly inside: Uint8Array;
}

/** One lung, in cells; edges as in a box, so that `right` and `bottom` lie one past the last cell. */
export interface OneLung {
  readonly area: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface LungPair {
  /** The lung at the left of the picture, which is the patient's right one unless the picture is mirrored. */
  readonly left: OneLung;
  readonly right: OneLung;
  /** 1 between the lungs: heart, spine and great vessels, in the rows that both lungs reach. */
  readonly between: Uint8Array;
}

/** The two largest 4-connected parts, told apart by their centres; undefined where there are no two. */
export function lungPair(grid: LungGrid): LungPair | undefined {
  const { labels, areas } = labelComponents(grid.inside, grid.columns);
  const [first, second] = [...areas.keys()].slice(1).toSorted((a, b) => areas[b]! - areas[a]!);
  if (first === undefined || second === undefined) return undefined;
  const [one, other] = [oneLung(grid, labels, first), oneLung(grid, labels, second)];
  return one.centreX <= other.centreX
    ? { left: one, right: other, between: cellsBetween(grid, labels, first, second) }
    : { left: other, right: one, between: cellsBetween(grid, labels, second, first) };
}

function oneLung({ columns, rows }: LungGrid, labels: Int32Array, label: number): OneLung {
  let [area, sumX, sumY, left, right, top, bottom] = [0, 0, 0, columns, 0, rows, 0];
  for (let cell = labels.indexOf(label); cell < labels.length; cell += 1) {
    if (labels[cell] !== label) continue;
    const x = cell % columns;
    const y = (cell - x) / columns;
    area += 1;
    sumX += x + 0.5;
    sumY += y + 0.5;
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  }
  return { area, centreX: sumX / area, centreY: sumY / area, left, right, top, bottom };
}

function cellsBetween({ columns, rows }: LungGrid, of: Int32Array, left: number, right: number): Uint8Array {
  const between = new Uint8Array(of.length);
  for (let y = 0; y < rows; y += 1) {
    const row = of.subarray(y * columns, (y + 1) * columns);
    const from = row.lastIndexOf(left) + 1;
    const to = row.indexOf(right);
    if (from > 0 && to > from) between.fill(1, y * columns + from, y * columns + to);
  }
  return between;
}
