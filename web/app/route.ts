import { useSyncExternalStore } from 'react';

/** Addresses behind the `#`: they need no answer from a hub, so they open without a network. */
export type Route =
  /** `beside`: another reading, to be compared with this one. */
  | { readonly screen: 'readings'; readonly id?: string; readonly beside?: string }
  | { readonly screen: 'device' }
  | { readonly screen: 'account' };

/** Whatever is not an address of ours leads to the list. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#/, '');
  if (path === '/device') return { screen: 'device' };
  if (path === '/account') return { screen: 'account' };
  const [, id, beside] = /^\/reading\/([\w-]{1,64})(?:\/beside\/([\w-]{1,64}))?$/.exec(path) ?? [];
  if (id === undefined) return { screen: 'readings' };
  return beside === undefined ? { screen: 'readings', id } : { screen: 'readings', id, beside };
}

export function hrefOf(route: Route): string {
  if (route.screen !== 'readings') return `#/${route.screen}`;
  if (route.id === undefined) return '#/';
  return route.beside === undefined
    ? `#/reading/${route.id}`
    : `#/reading/${route.id}/beside/${route.beside}`;
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
