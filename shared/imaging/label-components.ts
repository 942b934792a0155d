export interface Components {
  /** For each cell the number of its part, from 1; 0 outside. */
  readonly labels: Int32Array;
  /** Cells of each part; the first belongs to the outside and is 0. */
  readonly areas: readonly number[];
}

/** The 4-connected parts of `mask` (row-major, non-zero = inside). */
export function labelComponents(mask: Uint8Array, width: number): Components {
  const height = mask.length / width;
  const labels = new Int32Array(mask.length);
  const areas: number[] = [0];
  const stack = new Int32Array(mask.length);
  for (let seed = 0; seed < mask.length; seed += 1) {
    if (mask[seed] === 0 || labels[seed] !== 0) continue;
    const label = areas.length;
    let area = 0;
    let depth = 0;
    const visit = (index: number): void => {
      if (mask[index] === 0 || labels[index] !== 0) return;
      labels[index] = label;
      area += 1;
      stack[depth] = index;
      depth += 1;
    };
    visit(seed);
    while (depth > 0) {
      depth -= 1;
      const index = stack[depth]!;
      const x = index % width;
      if (x > 0) visit(index - 1);
      if (x < width - 1) visit(index + 1);
      if (index >= width) visit(index - width);
      if (index < (height - 1) * width) visit(index + width);
    }
    areas.push(area);
  }
  return { labels, areas };
}
