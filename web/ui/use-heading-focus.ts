import { type RefObject, useEffect, useRef } from 'react';

let shownBefore: string | undefined;

/**
 * For the one heading that names what is on the screen; it needs `tabIndex={-1}`. It takes the focus when the subject
 * changes, but not when the page has just been opened.
 */
export function useHeadingFocus(subject: string, active = true): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!active) return;
    if (shownBefore !== undefined && shownBefore !== subject) heading.current?.focus();
    shownBefore = subject;
  }, [subject, active]);
  return heading;
}
