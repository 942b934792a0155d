/** Brings the child into sight by moving the container alone; `scrollIntoView` would move the page with it. */
export function scrollWithin(container: Element, child: Element): void {
  const outer = container.getBoundingClientRect();
  const inner = child.getBoundingClientRect();
  container.scrollBy({
    top: overhang(outer.top, outer.bottom, inner.top, inner.bottom),
    left: overhang(outer.left, outer.right, inner.left, inner.right),
    behavior: 'instant',
  });
}

/** How far to move so that the inner stretch lies within the outer, at least with its start. */
function overhang(outerStart: number, outerEnd: number, innerStart: number, innerEnd: number): number {
  if (innerStart < outerStart) return innerStart - outerStart;
  return Math.max(0, Math.min(innerEnd - outerEnd, innerStart - outerStart));
}
