import type { FrameComponent, FrameHeader } from './jpeg-segments.ts';

/** The quantised coefficients of one component: blocks of 64 in natural order, row after row of blocks. */
export interface CoefficientPlane {
  readonly component: FrameComponent;
  /** Samples of the component (ISO 10918-1 A.1.1). */
  readonly width: number;
  readonly height: number;
  /** Blocks that hold these samples: what a scan of this component alone codes (A.2.2). */
  readonly across: number;
  readonly down: number;
  /** Blocks in a row of `coefficients`, filled up to whole MCUs (A.2.4). */
  readonly stride: number;
  readonly rows: number;
  readonly coefficients: Int16Array;
  /** Taken by the first scan; a later table must not change it (libjpeg holds the same). */
  steps: Int32Array | undefined;
}

export interface McuGrid {
  readonly across: number;
  readonly down: number;
  readonly maxH: number;
  readonly maxV: number;
}

export function mcuGrid({ width, height, components }: FrameHeader): McuGrid {
  const maxH = Math.max(...components.map(({ h }) => h));
  const maxV = Math.max(...components.map(({ v }) => v));
  return { across: Math.ceil(width / (8 * maxH)), down: Math.ceil(height / (8 * maxV)), maxH, maxV };
}

export function emptyPlanes(frame: FrameHeader, grid: McuGrid): readonly CoefficientPlane[] {
  return frame.components.map((component) => {
    const width = Math.ceil((frame.width * component.h) / grid.maxH);
    const height = Math.ceil((frame.height * component.v) / grid.maxV);
    const stride = grid.across * component.h;
    const rows = grid.down * component.v;
    return {
      component,
      width,
      height,
      across: Math.ceil(width / 8),
      down: Math.ceil(height / 8),
      stride,
      rows,
      coefficients: new Int16Array(64 * stride * rows),
      steps: undefined,
    };
  });
}
