import type { Mask } from '../../../../shared/imaging/deidentify/deidentify-options.ts';

/** Of the picture, in its pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const minSide = 4;

/** The mask in whole pixels, inside the picture, its size kept as far as there is room. */
function fitted({ x, y, width, height }: Mask, picture: PictureSize): Mask {
  const wide = Math.min(picture.width, Math.max(minSide, Math.round(width)));
  const tall = Math.min(picture.height, Math.max(minSide, Math.round(height)));
  return {
    x: Math.min(picture.width - wide, Math.max(0, Math.round(x))),
    y: Math.min(picture.height - tall, Math.max(0, Math.round(y))),
    width: wide,
    height: tall,
  };
}

export function movedMask(mask: Mask, dx: number, dy: number, picture: PictureSize): Mask {
  return fitted({ ...mask, x: mask.x + dx, y: mask.y + dy }, picture);
}

/** The upper left corner stays. */
export function resizedMask(mask: Mask, dx: number, dy: number, picture: PictureSize): Mask {
  const width = Math.min(picture.width - mask.x, mask.width + dx);
  const height = Math.min(picture.height - mask.y, mask.height + dy);
  return fitted({ ...mask, width, height }, picture);
}

/** Between two corners, in any order. */
export function maskBetween(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  picture: PictureSize,
): Mask {
  const within = (value: number, side: number): number => Math.min(side, Math.max(0, value));
  const [left, right] = [within(Math.min(x0, x1), picture.width), within(Math.max(x0, x1), picture.width)];
  const [top, bottom] = [within(Math.min(y0, y1), picture.height), within(Math.max(y0, y1), picture.height)];
  return fitted({ x: left, y: top, width: right - left, height: bottom - top }, picture);
}

/** A new one, in the middle, where it is seen. */
export function newMask({ width, height }: PictureSize): Mask {
  const picture = { width, height };
  return fitted({ x: width * 0.35, y: height * 0.45, width: width * 0.3, height: height * 0.1 }, picture);
}

/** What a key does to a mask; undefined for keys that do nothing. Arrows move, with Shift they change the size. */
export function maskByKey(mask: Mask, key: string, isShift: boolean, picture: PictureSize): Mask | undefined {
  const step = Math.max(1, Math.round(Math.max(picture.width, picture.height) / 100));
  const directions: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  };
  const direction = directions[key];
  if (direction === undefined) return undefined;
  return (isShift ? resizedMask : movedMask)(mask, ...direction, picture);
}
