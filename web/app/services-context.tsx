import { createContext, useContext, useSyncExternalStore } from 'react';
import type { EngineState } from '../engine/engine-state.ts';
import type { Observable } from '../engine/observable.ts';
import type { Services } from './services.ts';

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new TypeError('no services around this component');
  return services;
}

export function useObservable<Value>({ subscribe, getSnapshot }: Observable<Value>): Value {
  return useSyncExternalStore(subscribe, getSnapshot);
}

export function useEngineState(): EngineState {
  return useObservable(useServices().engine);
}
