/**
 * Where the picture lies on its stage, in numbers without a unit: lengths are shares of the picture's width or height when
 * it just fits, so that nothing changes when the window does. The origin is the middle of the stage.
 */
export interface View {
  /** 1 fits the picture into the stage. */
  readonly zoom: number;
  /** Of the picture's middle. */
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The stage, measured with the fitted picture. */
export interface Frame {
  /** At least 1, one of both exactly: the picture fits. */
  readonly width: number;
  readonly height: number;
  /** The zoom at which a pixel of the picture covers one of the screen. */
  readonly oneToOne: number;
  /** CSS pixels for each pixel of the fitted picture. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const fitView: View = { zoom: 1, x: 0, y: 0 };

const maxZoom = 8;

/** @param stage in CSS pixels; a stage that is not laid out yet counts as one that the picture fills */
export function frameOf(stage: Size, picture: Size, pixelRatio: number): Frame {
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
  if (!(scale > 0)) return { width: 1, height: 1, oneToOne: 1, scale: 1 };
  return {
    width: stage.width / (picture.width * scale),
    height: stage.height / (picture.height * scale),
    oneToOne: 1 / (scale * pixelRatio),
    scale,
  };
}

function limit(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function withinLimits(zoom: number, { oneToOne }: Frame): number {
  return limit(zoom, Math.min(1, oneToOne), Math.max(maxZoom, oneToOne * 2));
}

/** What is smaller than the stage stays in its middle; what is larger covers it. */
function clampView({ zoom, x, y }: View, frame: Frame): View {
  const room = (length: number): number => Math.max(0, (zoom - length) / 2);
  return {
    zoom,
    // Subtracted from 0, so that no room at all is 0 and not −0.
    x: limit(x, 0 - room(frame.width), room(frame.width)),
    y: limit(y, 0 - room(frame.height), room(frame.height)),
  };
}

/** Keeps what lies under `point` where it is, as far as the edges allow. */
export function zoomTo(view: View, zoom: number, point: Point, frame: Frame): View {
  const wanted = withinLimits(zoom, frame);
  const share = wanted / view.zoom;
  return clampView(
    { zoom: wanted, x: point.x + (view.x - point.x) * share, y: point.y + (view.y - point.y) * share },
    frame,
  );
}

export function panBy(view: View, by: Point, frame: Frame): View {
  return clampView({ zoom: view.zoom, x: view.x + by.x, y: view.y + by.y }, frame);
}

/** The stage has changed its shape. The same object when nothing has to move. */
export function refit(view: View, frame: Frame): View {
  const moved = clampView({ ...view, zoom: withinLimits(view.zoom, frame) }, frame);
  return moved.zoom === view.zoom && moved.x === view.x && moved.y === view.y ? view : moved;
}

/** Moves no further than it takes to have the point on the stage. @param point of the picture, in shares of its sides */
export function bringInSight(view: View, point: Point, frame: Frame): View {
  const overhang = (share: number, at: number, length: number): number => {
    const place = (share - 0.5) * view.zoom + at;
    return limit(place, -length / 2, length / 2) - place;
  };
  const by = { x: overhang(point.x, view.x, frame.width), y: overhang(point.y, view.y, frame.height) };
  return by.x === 0 && by.y === 0 ? view : panBy(view, by, frame);
}

const middle: Point = { x: 0, y: 0 };

export function oneToOneView(view: View, frame: Frame): View {
  return zoomTo(view, frame.oneToOne, middle, frame);
}

/** Twice as large where it fitted, and back. */
export function toggleFit(view: View, point: Point, frame: Frame): View {
  return view.zoom === 1 ? zoomTo(view, 2, point, frame) : fitView;
}
