import type { Config } from '../config.ts';
import type { ModelStatus } from '../inference/pool-api.ts';

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

export function readyLines(
  address: string,
  { dataDir }: Config,
  poolSize: number,
  hasPage: boolean,
): string[] {
  return [
    `Reading ${poolSize === 1 ? 'one image' : `${poolSize} images`} at a time.`,
    `This hub keeps nothing: what is sent to it is forgotten once it is answered, and ${dataDir} is not written to. The page reads in the browser and keeps its pictures there.`,
    hasPage
      ? `Open ${address} in a browser on this machine. Ctrl+C stops.`
      : `The page has not been built (npm run build); the API answers at ${address}api/v1/. Ctrl+C stops.`,
  ];
}
