import type { Point, Size, View } from './view-transform.ts';

/** How the picture has been turned on its stage: mirrored left to right first, then turned clockwise. */
export interface Orientation {
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
}

export const upright: Orientation = { quarterTurns: 0, mirrored: false };

/** `across`: left and right change places on the screen; `over`: top and bottom do. */
export type OrientationChange = 'clockwise' | 'anticlockwise' | 'across' | 'over';

function turns(count: number): Orientation['quarterTurns'] {
  return (((count % 4) + 4) % 4) as Orientation['quarterTurns'];
}

/** The change as a person sees it, whatever the picture has been through before. */
export function reoriented({ quarterTurns, mirrored }: Orientation, change: OrientationChange): Orientation {
  switch (change) {
    case 'clockwise':
      return { quarterTurns: turns(quarterTurns + 1), mirrored };
    case 'anticlockwise':
      return { quarterTurns: turns(quarterTurns - 1), mirrored };
    case 'across':
      return { quarterTurns: turns(-quarterTurns), mirrored: !mirrored };
    case 'over':
      return { quarterTurns: turns(2 - quarterTurns), mirrored: !mirrored };
  }
}

/** What lay in the middle of the stage stays there. */
export function reorientedView({ zoom, x, y }: View, change: OrientationChange): View {
  switch (change) {
    case 'clockwise':
      return { zoom, x: 0 - y, y: x };
    case 'anticlockwise':
      return { zoom, x: y, y: 0 - x };
    case 'across':
      return { zoom, x: 0 - x, y };
    case 'over':
      return { zoom, x, y: 0 - y };
  }
}

export function shownSize({ width, height }: Size, { quarterTurns }: Orientation): Size {
  return quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** From pixels of the picture to pixels of the picture as it is shown. */
export function toShown({ x, y }: Point, { width, height }: Size, orientation: Orientation): Point {
  const across = orientation.mirrored ? width - x : x;
  switch (orientation.quarterTurns) {
    case 0:
      return { x: across, y };
    case 1:
      return { x: height - y, y: across };
    case 2:
      return { x: width - across, y: height - y };
    case 3:
      return { x: y, y: width - across };
  }
}

/** The way back. `size` is that of the picture itself. */
export function fromShown({ x, y }: Point, { width, height }: Size, orientation: Orientation): Point {
  const straight = ((): Point => {
    switch (orientation.quarterTurns) {
      case 0:
        return { x, y };
      case 1:
        return { x: y, y: height - x };
      case 2:
        return { x: width - x, y: height - y };
      case 3:
        return { x: width - y, y: x };
    }
  })();
  return orientation.mirrored ? { x: width - straight.x, y: straight.y } : straight;
}

/** A step on the screen, in pixels of the picture. */
export function stepFromShown(step: Point, orientation: Orientation): Point {
  const none = { width: 0, height: 0 };
  const { x, y } = fromShown(step, none, orientation);
  return { x: x + 0, y: y + 0 };
}

const turnsInWords = ['', 'Turned 90° right', 'Turned 180°', 'Turned 90° left'] as const;

/** One phrase for each change; none for a picture as it is in its file. */
export function orientationInWords({ quarterTurns, mirrored }: Orientation): readonly string[] {
  const turned = turnsInWords[quarterTurns];
  return [...(mirrored ? ['Mirrored'] : []), ...(turned === '' ? [] : [turned])];
}
