import { isIP } from 'node:net';

/** Some proxies write the port as well, which changes with each connection: limits by it would be none. */
function addressIn(text: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[(.+)\]|([\d.]+))(?::\d{1,5})?$/.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text;
  return isIP(address) === 0 ? undefined : address;
}

/**
 * The client's address as far as it can be believed. Whoever sends a request writes X-Forwarded-For as well; only what the
 * hub's own proxies added to its end counts: with one proxy the last address, with two the last but one.
 * @param peer the other end of the connection
 * @param hops how many proxies stand before the hub
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  hops: number,
): string | undefined {
  if (hops === 0) return peer;
  const chain = (forwardedFor ?? '').split(',').map((address) => address.trim());
  const address = chain.at(-hops);
  // A shorter list did not come through all proxies; what it says was made up.
  return address === undefined ? peer : (addressIn(address) ?? peer);
}
