import { lazy, Suspense, useCallback } from 'react';
import { collectDropped } from '../screens/reading/dropped-files.ts';
import { ReadingScreen } from '../screens/reading/reading-screen.tsx';
import { useAddFiles } from '../screens/reading/use-add-files.ts';
import { type Dropped, usePageDrop } from '../screens/reading/use-page-drop.ts';
import { Banner } from './banner.tsx';
import { ErrorBoundary } from './page-error.tsx';
import { navigate, useRoute } from './route.ts';
import type { Services } from './services.ts';
import { ServicesContext, useObservable, useServices } from './services-context.tsx';
import { Shell } from './shell.tsx';

// Whoever reads an X-ray waits for neither.
const AccountScreen = lazy(async () => ({
  default: (await import('../screens/account/account-screen.tsx')).AccountScreen,
}));
const DeviceScreen = lazy(async () => ({
  default: (await import('../screens/device/device-screen.tsx')).DeviceScreen,
}));

export function App({ services }: { readonly services: Services }) {
  return (
    <>
      <Banner />
      <ErrorBoundary>
        <ServicesContext value={services}>
          <Screens />
        </ServicesContext>
      </ErrorBoundary>
    </>
  );
}

function Screens() {
  const route = useRoute();
  const { readings, records } = useServices();
  const list = readings.useList();
  const isLocked = useObservable(records.status)?.vault === 'locked';
  const adding = useAddFiles(list);
  const { add } = adding;
  const onDrop = useCallback(
    ({ entries, files }: Dropped) => {
      // From another screen, to see what becomes of it.
      if (route.screen !== 'readings') navigate({ screen: 'readings' });
      void add(() => collectDropped(entries, files));
    },
    [add, route.screen],
  );
  const hanging = usePageDrop(onDrop);
  return (
    <Shell route={route}>
      <ErrorBoundary key={route.screen}>
        <Suspense>
          {route.screen === 'device' && <DeviceScreen />}
          {(route.screen === 'account' || (route.screen === 'readings' && isLocked)) && <AccountScreen />}
        </Suspense>
        {route.screen === 'readings' && !isLocked && (
          <ReadingScreen id={route.id} beside={route.beside} list={list} adding={adding} hanging={hanging} />
        )}
      </ErrorBoundary>
    </Shell>
  );
}
