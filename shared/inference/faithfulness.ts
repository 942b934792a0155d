import { resample } from '../imaging/resample.ts';
import { seededRandom } from '../kernel/seeded-random.ts';
import { baselineOf, type StandardisedPicture } from './baseline.ts';

/** A map over the picture; row-major, ≥ 0. */
export interface MapGrid {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Mean score while more and more of the picture is taken away (deletion) or given back (insertion). */
export interface Curve {
  readonly map: number;
  /** The mean of the random maps. */
  readonly random: number;
}

export interface Faithfulness {
  /** The lower for the map, the better. */
  readonly deletion: Curve;
  /** The higher for the map, the better. */
  readonly insertion: Curve;
  /** Better than every single random map, in both. */
  readonly betterThanRandom: boolean;
}

/** Shares of the picture at which the score is taken, between the whole picture and none of it. */
const shares = [0.1, 0.2, 0.35, 0.5, 0.75];
/** All of them must be beaten: a random map does that once in ten times in deletion, and once in ten in insertion. */
const randomMaps = 9;

/**
 * Deletion and insertion (Petsiuk 2018, §4): pixels are blurred away in the order of the map, or brought back in that order.
 * A map that says something does better in both than each of several random maps of the same grain.
 * @param scoreOf the score of a picture as large as this one
 * @throws AppError `model.*` as `scoreOf`
 */
export async function faithfulness(
  picture: StandardisedPicture,
  map: MapGrid,
  scoreOf: (values: Float32Array) => Promise<number>,
): Promise<Faithfulness> {
  const random = seededRandom(11);
  const blurred = baselineOf(picture, 'blurred');
  const ends = { whole: await scoreOf(picture.values), none: await scoreOf(blurred) };
  const curves = async (grid: MapGrid) => {
    const order = pixelOrder(picture, grid, random);
    return {
      deletion: await areaUnder(order, picture.values, blurred, [ends.whole, ends.none], scoreOf),
      insertion: await areaUnder(order, blurred, picture.values, [ends.none, ends.whole], scoreOf),
    };
  };
  const ours = await curves(map);
  const others: Awaited<ReturnType<typeof curves>>[] = [];
  for (let count = 0; count < randomMaps; count += 1) {
    others.push(await curves({ ...map, values: map.values.map(() => random()) }));
  }
  const mean = (kind: 'deletion' | 'insertion'): number =>
    others.reduce((sum, each) => sum + each[kind], 0) / others.length;
  const deletion = { map: ours.deletion, random: mean('deletion') };
  const insertion = { map: ours.insertion, random: mean('insertion') };
  const betterThanRandom = others.every(
    (other) => ours.deletion < other.deletion && ours.insertion > other.insertion,
  );
  return { deletion, insertion, betterThanRandom };
}

/** Pixels from the most to the least important; equal ones by a random map of the same grain. */
function pixelOrder({ rows, columns }: StandardisedPicture, map: MapGrid, random: () => number): Uint32Array {
  const enlarged = (values: Float32Array): Float32Array =>
    resample({ width: map.columns, height: map.rows, pixels: values }, columns, rows).pixels;
  const importance = enlarged(map.values);
  const ties = enlarged(map.values.map(() => random()));
  return Uint32Array.from(importance, (_, index) => index).sort(
    (a, b) => importance[b]! - importance[a]! || ties[b]! - ties[a]!,
  );
}

/** By the trapezoidal rule over the share of pixels that were exchanged. */
async function areaUnder(
  order: Uint32Array,
  from: Float32Array,
  to: Float32Array,
  [first, last]: readonly [number, number],
  scoreOf: (values: Float32Array) => Promise<number>,
): Promise<number> {
  const mixed = from.slice();
  let done = 0;
  let [lastShare, lastScore, area] = [0, first, 0];
  const advance = (share: number, score: number): void => {
    area += ((share - lastShare) * (score + lastScore)) / 2;
    [lastShare, lastScore] = [share, score];
  };
  for (const share of shares) {
    for (const end = Math.round(share * order.length); done < end; done += 1) {
      const pixel = order[done]!;
      mixed[pixel] = to[pixel]!;
    }
    // The runtime may still hold the buffer it was handed.
    advance(share, await scoreOf(mixed.slice()));
  }
  advance(1, last);
  return area;
}
