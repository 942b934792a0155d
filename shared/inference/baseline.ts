import { resample } from '../imaging/resample.ts';

/** What a picture is compared with: `mean` a grey one, `black`, or itself `blurred` beyond recognition. */
export type Baseline = 'mean' | 'black' | 'blurred';

/** A standardised picture of one channel, as the network sees it. */
export interface StandardisedPicture {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** The value that a black pixel has after standardising. */
  readonly black: number;
}

/** Cells of the blurred picture along its longer side: a lung is two of them wide. */
const blurredCells = 6;

export function baselineOf(picture: StandardisedPicture, baseline: Baseline): Float32Array {
  const { rows, columns, values, black } = picture;
  switch (baseline) {
    case 'mean':
      return new Float32Array(values.length);
    case 'black':
      return new Float32Array(values.length).fill(black);
    case 'blurred': {
      const scale = blurredCells / Math.max(rows, columns);
      const size = (cells: number): number => Math.max(1, Math.round(cells * scale));
      const small = resample({ width: columns, height: rows, pixels: values }, size(columns), size(rows));
      return resample(small, columns, rows).pixels;
    }
  }
}
