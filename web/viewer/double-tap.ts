/** In CSS pixels of the page. */
export interface PagePoint {
  readonly x: number;
  readonly y: number;
}

/** Two taps in one place: `dblclick` does not come from fingers in every browser. Times in milliseconds. */
export interface DoubleTap {
  /** @param mayTap false for a second finger and for other buttons */
  down(at: PagePoint, timeMs: number, mayTap: boolean): void;
  /** True when this is the end of a double tap. */
  up(at: PagePoint, timeMs: number): boolean;
  cancel(): void;
}

interface Tap {
  readonly at: PagePoint;
  readonly timeMs: number;
}

const longestTapMs = 300;
const longestPauseMs = 350;
/** A finger trembles. */
const tapRadius = 8;
const pairRadius = 32;

function near(a: PagePoint, b: PagePoint, radius: number): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) <= radius;
}

export function createDoubleTap(): DoubleTap {
  let pressed: Tap | undefined;
  let tapped: Tap | undefined;
  const cancel = (): void => {
    pressed = undefined;
    tapped = undefined;
  };
  return {
    cancel,
    down(at, timeMs, mayTap) {
      if (mayTap) pressed = { at, timeMs };
      else cancel();
    },
    up(at, timeMs) {
      const isTap =
        pressed !== undefined && timeMs - pressed.timeMs <= longestTapMs && near(at, pressed.at, tapRadius);
      if (!isTap) {
        cancel();
        return false;
      }
      const isSecond =
        tapped !== undefined && timeMs - tapped.timeMs <= longestPauseMs && near(at, tapped.at, pairRadius);
      pressed = undefined;
      tapped = isSecond ? undefined : { at, timeMs };
      return isSecond;
    },
  };
}
