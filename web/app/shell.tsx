import { type MouseEvent, type ReactNode, useRef } from 'react';
import { AccountChip } from './account-chip.tsx';
import { DamageBar } from './damage-bar.tsx';
import { EngineChip } from './engine-chip.tsx';
import { OfflineBar } from './offline-bar.tsx';
import { PageErrorBar } from './page-error.tsx';
import { hrefOf, type Route } from './route.ts';
import { UpdateBar } from './update-bar.tsx';
import { useStayUnlocked } from './use-stay-unlocked.ts';

const places = [
  { name: 'X\u2011rays', route: { screen: 'readings' } },
  { name: 'This device', route: { screen: 'device' } },
] as const satisfies readonly { name: string; route: Route }[];

interface ShellProps {
  readonly route: Route;
  readonly children: ReactNode;
}

/** Everything around the screens but the banner. */
export function Shell({ route, children }: ShellProps) {
  const main = useRef<HTMLElement>(null);
  useStayUnlocked();
  // Following the link would change the address behind the `#`, which is the screen's.
  const skip = (event: MouseEvent): void => {
    event.preventDefault();
    main.current?.focus();
  };
  return (
    <>
      <a className="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header className="masthead">
        <a className="brand" href={hrefOf({ screen: 'readings' })}>
          <img src="/icon.svg" alt="" width="36" height="36" />
          Fieldray
        </a>
        <nav aria-label="Places">
          {places.map(({ name, route: to }) => (
            <a key={name} href={hrefOf(to)} aria-current={to.screen === route.screen ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div className="chips">
          <AccountChip />
          <EngineChip />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <UpdateBar />
        <DamageBar route={route} />
        <OfflineBar />
        <PageErrorBar />
        {children}
      </main>
    </>
  );
}
