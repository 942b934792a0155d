import type { PagePoint } from './double-tap.ts';
import type { Point, Size } from './view-transform.ts';
import type { ViewerAction } from './viewer-state.ts';
import type { GestureTarget } from './watch-gestures.ts';

/** Gestures in pixels of the page become actions in shares of the fitted picture. @param pictureSize as it is shown now */
export function stageTarget(
  stage: Element,
  pictureSize: () => Size,
  dispatch: (action: ViewerAction) => void,
): GestureTarget {
  const measure = () => {
    const box = stage.getBoundingClientRect();
    const picture = pictureSize();
    const scale = Math.min(box.width / picture.width, box.height / picture.height);
    return { box, width: picture.width * scale, height: picture.height * scale };
  };
  const shareOf = (by: PagePoint): Point => {
    const { width, height } = measure();
    return { x: by.x / width, y: by.y / height };
  };
  const placeOf = (at: PagePoint): Point => {
    const { box } = measure();
    return shareOf({ x: at.x - box.left - box.width / 2, y: at.y - box.top - box.height / 2 });
  };
  return {
    dragged(by, at, secondary) {
      const { box } = measure();
      const byStage = { x: by.x / box.width, y: by.y / box.height };
      dispatch({ type: 'drag', by: shareOf(by), byStage, look: secondary, at: placeOf(at) });
    },
    pressed: (at, reach) => dispatch({ type: 'press', at: placeOf(at), reach }),
    released: (at, reach) => dispatch({ type: 'release', at: placeOf(at), reach }),
    gaveUp: () => dispatch({ type: 'give-up' }),
    hovered: (at) => dispatch({ type: 'hover', at: placeOf(at) }),
    left: () => dispatch({ type: 'leave' }),
    panned: (by) => dispatch({ type: 'pan', by: shareOf(by) }),
    zoomed: (factor, about) => dispatch({ type: 'zoom', factor, about: placeOf(about) }),
    doubleTapped: (at) => dispatch({ type: 'toggle-fit', about: placeOf(at) }),
  };
}
