import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, type Route } from './route.ts';

describe('addresses', () => {
  it.each<Route>([
    { screen: 'readings' },
    { screen: 'readings', id: '0190a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b' },
    { screen: 'readings', id: 'one', beside: 'two' },
    { screen: 'device' },
    { screen: 'account' },
  ])('%o comes back from its address', (route) => expect(parseRoute(hrefOf(route))).toEqual(route));

  it.each([
    '',
    '#',
    '#/',
    '#/nothing',
    '#/reading/',
    '#/reading/a/b',
    '#/reading/a/beside/',
    '#/reading/a/beside/b/c',
    '#/reading/%3Cimg%3E',
    '#/device/x',
  ])('%s leads to the list', (hash) => expect(parseRoute(hash)).toEqual({ screen: 'readings' }));
});
