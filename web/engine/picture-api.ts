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
   * Draws the open picture into the canvas from now on. It gets the size of the picture, or a smaller one of the same
   * shape where a canvas cannot hold as many pixels.
   */
  drawOn(canvas: OffscreenCanvas): Promise<void>;
  /** Shows the values from `window.low` as black to `window.high` as white. The newest call wins; others may be skipped. */
  show(window: DisplayWindow): Promise<void>;
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
}

/** On the display scale of the decoded picture: 0 black, 1 white. `high > low`. */
export interface DisplayWindow {
  readonly low: number;
  readonly high: number;
}
