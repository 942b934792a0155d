import { type Config, isLoopback } from '../config.ts';
import type { ModelStatus } from '../inference/pool-api.ts';
import type { ServerTls } from '../tls/read-tls.ts';

/** What the person who starts the hub reads. */

export function modelLine({ name, version, sha256, runtime, maxError, values }: ModelStatus): string {
  const where = `${runtime.name} ${runtime.version} (${runtime.backend})`;
  const error = `largest error ${maxError.toExponential(1)} over ${values} values`;
  return `  ${name} ${version} (${sha256.slice(0, 12)}): reference check passed on ${where}, ${error}`;
}

/** A result is as good on the slower runtime; that it is slower should not be a riddle. */
export function rejectedLines({ name, rejectedRuntimes }: ModelStatus): string[] {
  return rejectedRuntimes.map((reason) => `  ${name}: a faster runtime was turned down: ${reason}`);
}

const warnMs = 30 * 24 * 3600 * 1000;

/** While there is time to make the next one. */
export function certificateLines(tls: ServerTls | undefined, nowMs: number): string[] {
  if (tls === undefined || tls.validUntil.getTime() - nowMs > warnMs) return [];
  const day = tls.validUntil.toISOString().slice(0, 10);
  return [`The hub’s certificate ends on ${day}. npx fieldray tls makes the next one.`];
}

/**
 * The token stands behind the `#`, which a browser sends to nobody.
 * @param origin where browsers find the hub
 */
export function setupLines(origin: string, token: string): string[] {
  return [
    'There are no accounts yet. The first administrator is made once, on this page:',
    `  ${new URL('setup', origin).href}#${token}`,
  ];
}

/** From where the page can be opened, which is not everywhere that the address is written. */
function openLine(
  address: string,
  { host, publicOrigin, tls }: Pick<Config, 'host' | 'publicOrigin' | 'tls'>,
): string {
  if (publicOrigin !== undefined) return `Open ${publicOrigin}/ in a browser.`;
  if (isLoopback(host)) return `Open ${address} in a browser on this machine.`;
  const trusting = tls === undefined ? '' : ', on any device that trusts its certificate';
  return `Open ${address} in a browser${trusting}.`;
}

export function readyLines(
  address: string,
  config: Pick<Config, 'dataDir' | 'host' | 'publicOrigin' | 'tls'>,
  poolSize: number,
  hasPage: boolean,
): string[] {
  return [
    `Reading ${poolSize === 1 ? 'one image' : `${poolSize} images`} at a time.`,
    `Accounts and their log are kept in ${config.dataDir}. The page reads in the browser, without an account, and keeps its pictures there.`,
    hasPage
      ? `${openLine(address, config)} Ctrl+C stops.`
      : `The page has not been built (npm run build); the API answers at ${address}api/v1/. Ctrl+C stops.`,
  ];
}
