import { useSyncExternalStore } from 'react';

/** Addresses behind the `#`: they need no answer from a hub, so they open without a network. */
export type Route = { readonly screen: 'readings'; readonly id?: string } | { readonly screen: 'device' };

/** Whatever is not an address of ours leads to the list. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#/, '');
  if (path === '/device') return { screen: 'device' };
  const id = /^\/reading\/([\w-]{1,64})$/.exec(path)?.[1];
  return id === undefined ? { screen: 'readings' } : { screen: 'readings', id };
}

export function hrefOf(route: Route): string {
  if (route.screen === 'device') return '#/device';
  return route.id === undefined ? '#/' : `#/reading/${route.id}`;
}

export function navigate(route: Route): void {
  location.hash = hrefOf(route);
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}
