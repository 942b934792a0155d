import { useEffect } from 'react';
import { hrefOf, navigate } from '../../app/route.ts';
import type { Reading } from '../../data/reading.ts';

export interface Neighbours {
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** As the list stands: the newest first. */
export function neighboursOf(id: string, list: readonly Reading[]): Neighbours {
  const index = list.findIndex((reading) => reading.id === id);
  return {
    previous: index > 0 ? list[index - 1]?.id : undefined,
    next: index < 0 ? undefined : list[index + 1]?.id,
  };
}

/** Free in browsers, screen readers and the viewer alike. */
const keys = { PageUp: 'previous', PageDown: 'next' } as const satisfies Record<string, keyof Neighbours>;

export function NeighbourLinks({ previous, next }: Neighbours) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.key !== 'PageUp' && event.key !== 'PageDown') return;
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      const id = { previous, next }[keys[event.key]];
      if (id !== undefined) navigate({ screen: 'readings', id });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [previous, next]);
  if (previous === undefined && next === undefined) return null;
  return (
    <nav className="neighbours" aria-label="Other X-rays">
      <NeighbourLink id={previous} name="Previous" keyName="Alt+PageUp" hint="Alt and Page Up" />
      <NeighbourLink id={next} name="Next" keyName="Alt+PageDown" hint="Alt and Page Down" />
    </nav>
  );
}

interface NeighbourLinkProps {
  readonly id: string | undefined;
  readonly name: string;
  readonly keyName: string;
  readonly hint: string;
}

function NeighbourLink({ id, name, keyName, hint }: NeighbourLinkProps) {
  // Stays where it is at the ends of the list, so that the other does not jump under the finger.
  if (id === undefined) return <span className="button gone">{name}</span>;
  return (
    <a className="button" href={hrefOf({ screen: 'readings', id })} aria-keyshortcuts={keyName} title={hint}>
      {name}
    </a>
  );
}
