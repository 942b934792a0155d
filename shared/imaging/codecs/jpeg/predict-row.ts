/**
 * One row of samples from its differences (ISO 10918-1 H.1.2.1): a is the sample to the left, b the one above, c the one
 * above a. The first row of an interval is predicted from the left, from `start` on; later rows begin with b.
 */
export function predictRow(
  differences: Int32Array,
  above: Int32Array | undefined,
  here: Int32Array,
  predictor: number,
  start: number,
): void {
  const width = differences.length;
  let a = ((above === undefined ? start : above[0]!) + differences[0]!) & 0xffff;
  here[0] = a;
  if (above === undefined || predictor === 1) {
    for (let x = 1; x < width; x += 1) {
      a = (a + differences[x]!) & 0xffff;
      here[x] = a;
    }
    return;
  }
  for (let x = 1; x < width; x += 1) {
    const b = above[x]!;
    const c = above[x - 1]!;
    a = (prediction(predictor, a, b, c) + differences[x]!) & 0xffff;
    here[x] = a;
  }
}

/** Table H.1. */
function prediction(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}
