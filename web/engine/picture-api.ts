import type { PixelSpacing } from '../../shared/imaging/pixel-spacing.ts';
import type { PixelRegion, RegionStatistics, ValueRange } from '../../shared/imaging/pixel-values.ts';

/** Pixels along the longer side of the small picture in a list, on screens with two dots a pixel. */
export const thumbnailSide = 160;

/** What the page and the picture worker say to each other. The worker decodes with the same code as the pipeline. */
export interface PictureApi {
  /**
   * Decodes a file and keeps its pixels. The buffer is transferred.
   * @throws AppError `image.*`
   */
  open(file: ArrayBuffer): Promise<PictureInfo>;
  /**
   * Shows another frame of the open file, counted from 0, in the canvas that it has.
   * @throws AppError `image.*`; then the picture stays as it was
   */
  toFrame(frame: number): Promise<PictureInfo>;
  /**
   * Draws the open picture into the canvas from now on. It gets the size of the picture, or a smaller one of the same
   * shape where a canvas cannot hold as many pixels.
   */
  drawOn(canvas: OffscreenCanvas): Promise<void>;
  /** The newest call wins; others may be skipped. */
  show(window: DisplayWindow): Promise<void>;
  /**
   * The value of a pixel of `frame`; undefined outside the picture and in padding.
   * @throws TypeError while another frame is shown: no value may be taken for that of another picture
   */
  valueAt(x: number, y: number, frame: number): Promise<number | undefined>;
  /** Undefined where the region holds no pixel of the picture. Throws like `valueAt`. */
  measure(region: PixelRegion, frame: number): Promise<RegionStatistics | undefined>;
  /** Lets go of the picture and its canvas. */
  close(): Promise<void>;
  /** A small PNG of the file's picture, longer side `side`. Keeps nothing. @throws AppError `image.*` */
  thumbnail(file: ArrayBuffer, side: number): Promise<ArrayBuffer>;
  /** The drawn chest with a shadow, as a PNG file that is labelled as synthetic. */
  phantom(): Promise<ArrayBuffer>;
}

export interface PictureInfo {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Of the pixels as they are shown. */
  readonly spacing?: PixelSpacing | undefined;
  /** Of the values; undefined where no window can be laid on them. */
  readonly range?: ValueRange | undefined;
  /** The values that the file shows as black and as white, where it shows a straight line between two. */
  readonly shown?: ValueRange | undefined;
}

/** What is shown as black (`low`) and as white (`high`). `high > low`. */
export interface DisplayWindow {
  readonly low: number;
  readonly high: number;
  /** `values`: of the pixels' values. Otherwise of the display scale of the decoded picture: 0 black, 1 white. */
  readonly scale?: 'values';
  /** Black and white change places. */
  readonly inverted?: boolean;
}
