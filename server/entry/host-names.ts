import type { Config } from '../config.ts';
import { canonicalName } from '../tls/certificate-names.ts';
import type { ServerTls } from '../tls/read-tls.ts';

/** The names under which the hub answers, besides those of this machine: its certificate's, and the public one's. */
export function hostNames(
  { publicOrigin }: Pick<Config, 'publicOrigin'>,
  tls: ServerTls | undefined,
): readonly string[] {
  const names = [...(tls?.names ?? [])];
  if (publicOrigin !== undefined) names.push(new URL(publicOrigin).hostname);
  return names.map(canonicalName);
}
