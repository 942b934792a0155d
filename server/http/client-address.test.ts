import { expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

it.each([
  ['without a proxy, the other end of the connection', '192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
  ['with one, what it saw', '10.0.0.1', '6.6.6.6, 203.0.113.9', 1, '203.0.113.9'],
  ['with two, what the first of them saw', '10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
  ['nothing of a list that is too short', '10.0.0.1', '6.6.6.6', 2, '10.0.0.1'],
  ['nothing of no list', '10.0.0.1', undefined, 1, '10.0.0.1'],
  ['nothing that is no address', '10.0.0.1', 'planted name', 1, '10.0.0.1'],
  ['nothing that is written like one', '10.0.0.1', 'dead.beef', 1, '10.0.0.1'],
  ['an address without the port that a proxy wrote', '10.0.0.1', '203.0.113.9:50123', 1, '203.0.113.9'],
  ['IPv6 without its port', '10.0.0.1', '[2001:db8::1]:50123', 1, '2001:db8::1'],
  ['IPv6', '10.0.0.1', '2001:db8::1', 1, '2001:db8::1'],
])('believes %s', (_what, peer, forwarded, hops, expected) => {
  expect(clientAddress(peer, forwarded, hops)).toBe(expected);
});
