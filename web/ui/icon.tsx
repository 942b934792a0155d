const shapes = {
  positive: 'M8 2.5 14.5 13.5H1.5Z',
  negative: 'M8 13.5 1.5 2.5H14.5Z',
  waiting: 'M8 1.8a6.2 6.2 0 1 0 .01 0M8 4.5V8l2.5 1.7',
  reading: 'M8 1.8A6.2 6.2 0 0 1 14.2 8',
  refused: 'M8 1.8a6.2 6.2 0 1 0 .01 0M3.7 3.7l8.6 8.6',
  failed: 'M8 1.5 14.5 8 8 14.5 1.5 8ZM8 4.8v3.8M8 10.7v.6',
  ready: 'M2.5 8.5 6.3 12.2 13.5 4',
  doubt: 'M8 1.6 15.2 14.2H.8ZM8 6.2v3.6M8 11.8v.3',
  next: 'M6 2.5 11.5 8 6 13.5',
} as const;

export type IconName = keyof typeof shapes;

const filled: ReadonlySet<IconName> = new Set(['positive', 'negative']);

/** A shape beside words that say the same: what is told is never told by colour alone. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={shapes[name]}
        fill={filled.has(name) ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
