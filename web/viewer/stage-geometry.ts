import { fromShown, type Orientation, shownSize, toShown } from './orientation.ts';
import type { Frame, Point, Size, View } from './view-transform.ts';

/** All that decides where a pixel of the picture lies on the stage. */
export interface Projection {
  /** Of the picture, as it is stored. */
  readonly size: Size;
  readonly orientation: Orientation;
  readonly frame: Frame;
  readonly view: View;
}

/** @param place as in `View`: from the middle of the stage, in shares of the fitted picture */
export function pictureAt(place: Point, { size, orientation, view }: Projection): Point {
  const shown = shownSize(size, orientation);
  const point = {
    x: ((place.x - view.x) / view.zoom + 0.5) * shown.width,
    y: ((place.y - view.y) / view.zoom + 0.5) * shown.height,
  };
  return fromShown(point, size, orientation);
}

/** In CSS pixels from the top left corner of the stage. */
export function stageAt(point: Point, { size, orientation, frame, view }: Projection): Point {
  const shown = shownSize(size, orientation);
  const at = toShown(point, size, orientation);
  const along = (share: number, moved: number, length: number, side: number): number =>
    ((share - 0.5) * view.zoom + moved + length / 2) * side * frame.scale;
  return {
    x: along(at.x / shown.width, view.x, frame.width, shown.width),
    y: along(at.y / shown.height, view.y, frame.height, shown.height),
  };
}

/** CSS pixels on the screen for each pixel of the picture. */
export function enlargement({ frame, view }: Projection): number {
  return frame.scale * view.zoom;
}
