import { createDoubleTap, type PagePoint } from './double-tap.ts';

export interface GestureTarget {
  /** One finger or the mouse; `secondary`: with the right button or Shift. */
  dragged(by: PagePoint, at: PagePoint, secondary: boolean): void;
  /** The main button or the first finger has come down; `reach`: how far it may miss what is meant, in pixels. */
  pressed(at: PagePoint, reach: number): void;
  released(at: PagePoint, reach: number): void;
  /** A second finger, or the system, has taken over what was pressed. */
  gaveUp(): void;
  /** The mouse, without a button. */
  hovered(at: PagePoint): void;
  left(): void;
  /** Two fingers moved together. */
  panned(by: PagePoint): void;
  zoomed(factor: number, about: PagePoint): void;
  doubleTapped(at: PagePoint): void;
}

const mouseReach = 9;
/** A finger covers what it points at. */
const fingerReach = 24;
const pixelsPerLine = 16;
const zoomPerPixel = 0.0018;
/** A pinch on a track pad arrives as a wheel with Ctrl and small steps. */
const zoomPerPinchPixel = 0.01;

function wheelFactor({ deltaY, deltaMode, ctrlKey }: WheelEvent): number {
  const pixels = deltaMode === WheelEvent.DOM_DELTA_PIXEL ? deltaY : deltaY * pixelsPerLine;
  const power = -pixels * (ctrlKey ? zoomPerPinchPixel : zoomPerPixel);
  return Math.exp(Math.min(0.5, Math.max(-0.5, power)));
}

function reachOf({ pointerType }: PointerEvent): number {
  return pointerType === 'mouse' ? mouseReach : fingerReach;
}

function middleOf(a: PagePoint, b: PagePoint): PagePoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Mouse, pen and fingers on the stage as what they mean, until the signal. */
export function watchGestures(stage: HTMLElement, target: GestureTarget, signal: AbortSignal): void {
  const pointers = new Map<number, PagePoint>();
  const doubleTap = createDoubleTap();
  let secondary = false;

  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0 && event.button !== 2) return;
    stage.setPointerCapture(event.pointerId);
    secondary = event.button === 2 || event.shiftKey;
    const point = { x: event.clientX, y: event.clientY };
    pointers.set(event.pointerId, point);
    doubleTap.down(point, event.timeStamp, pointers.size === 1 && !secondary);
    if (pointers.size > 1) target.gaveUp();
    else if (!secondary) target.pressed(point, reachOf(event));
  };

  const onMove = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    const now = { x: event.clientX, y: event.clientY };
    if (before === undefined) {
      if (event.pointerType === 'mouse') target.hovered(now);
      return;
    }
    const other = Array.from(pointers).find(([id]) => id !== event.pointerId);
    pointers.set(event.pointerId, now);
    if (other === undefined) {
      target.dragged({ x: now.x - before.x, y: now.y - before.y }, now, secondary);
      return;
    }
    if (pointers.size > 2) return;
    const [, still] = other;
    target.panned({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
    const apart = Math.hypot(before.x - still.x, before.y - still.y);
    // Fingers that touch each other have no ratio.
    if (apart > 1) {
      target.zoomed(Math.hypot(now.x - still.x, now.y - still.y) / apart, middleOf(now, still));
    }
  };

  const onUp = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    const point = { x: event.clientX, y: event.clientY };
    if (pointers.size === 0 && !secondary) target.released(point, reachOf(event));
    if (doubleTap.up(point, event.timeStamp)) target.doubleTapped(point);
  };

  const onCancel = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    doubleTap.cancel();
    target.gaveUp();
  };

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    target.zoomed(wheelFactor(event), { x: event.clientX, y: event.clientY });
  };

  stage.addEventListener('pointerdown', onDown, { signal });
  stage.addEventListener('pointermove', onMove, { signal });
  stage.addEventListener('pointerup', onUp, { signal });
  stage.addEventListener('pointercancel', onCancel, { signal });
  stage.addEventListener('pointerleave', () => target.left(), { signal });
  stage.addEventListener('wheel', onWheel, { passive: false, signal });
  stage.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
}
