/**
 * A picture as it is meant to be seen: row-major, one float32 a pixel, 0 = black, 1 = white, no padding between rows.
 * Modality LUT, VOI LUT and MONOCHROME1 have been applied (DICOM PS3.4 N.2), so bright means dense.
 */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}
