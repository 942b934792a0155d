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
  return address !== undefined && /^[0-9a-f.:]{2,45}$/i.test(address) ? address : peer;
}
