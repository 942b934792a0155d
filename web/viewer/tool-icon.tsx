/** Lines on a grid of 24; what is filled stands behind a bar. */
const shapes = {
  move: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  look: 'M12 8a4 4 0 1 0 .01 0M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M19 5l-1.7 1.7M5 19l1.7-1.7',
  ruler: 'M3 15.5 15.5 3 21 8.5 8.5 21ZM6.8 11.8l2.4 2.4M9.6 9l3.4 3.4M12.4 6.2l2.4 2.4',
  angle: 'M14.5 3.5 4 20h16.5M12.5 20a8.5 8.5 0 0 0-3.9-7.2',
  rectangle: 'M3.5 6h17v12h-17ZM7.5 14.5l3-3.5 2.5 2 3.5-4',
  probe: 'M12 2.5v6M12 15.5v6M2.5 12h6M15.5 12h6M12 11.6v.8',
  clockwise: 'M18.2 7.6A7.6 7.6 0 1 0 19.6 12M18.8 3v5h-5',
  anticlockwise: 'M5.8 7.6A7.6 7.6 0 1 1 4.4 12M5.2 3v5h5',
  across: 'M12 3v18M9 6.5v11H3ZM15 6.5v11h6Z',
  over: 'M3 12h18M6.5 9h11V3ZM6.5 15h11v6Z',
  invert: 'M12 3.5a8.5 8.5 0 1 0 .01 0|M12 3.5a8.5 8.5 0 0 1 0 17Z',
} as const;

export type ToolIconName = keyof typeof shapes;

/** Beside words, or in a button that says the same aloud. */
export function ToolIcon({ name }: { readonly name: ToolIconName }) {
  const [lines, filled] = shapes[name].split('|');
  return (
    <svg className="tool-icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path
        d={lines}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {filled !== undefined && <path d={filled} fill="currentColor" />}
    </svg>
  );
}
