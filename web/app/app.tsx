import { useCallback } from 'react';
import { AccountScreen } from '../screens/account/account-screen.tsx';
import { DeviceScreen } from '../screens/device/device-screen.tsx';
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
        {route.screen === 'device' && <DeviceScreen />}
        {(route.screen === 'account' || (route.screen === 'readings' && isLocked)) && <AccountScreen />}
        {route.screen === 'readings' && !isLocked && (
          <ReadingScreen id={route.id} beside={route.beside} list={list} adding={adding} hanging={hanging} />
        )}
      </ErrorBoundary>
    </Shell>
  );
}
