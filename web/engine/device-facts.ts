import { AppError } from '../../shared/kernel/errors.ts';
import type { DeviceFacts } from './runtime-plan.ts';

export function deviceFacts(): DeviceFacts {
  const { userAgent, maxTouchPoints, hardwareConcurrency } = navigator;
  // An iPad calls itself a Macintosh, but no Macintosh has a touch screen.
  const isAppleMobile =
    /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return { cores: hardwareConcurrency, isolated: crossOriginIsolated, isAppleMobile };
}

/** Without these there are no workers to be trusted, no hashes and no store; undefined when all is there. */
export function missingFeature(): AppError | undefined {
  if (!isSecureContext) return new AppError('device.unsupported', 'the page was not opened securely');
  const missing = ['locks', 'storage'].filter((name) => !(name in navigator));
  return missing.length === 0 ? undefined : new AppError('device.unsupported', `no ${missing.join(', ')}`);
}

/** Room that a second runtime must leave: it may never stand in the way of a person's pictures. */
const roomToLeaveBytes = 300_000_000;

/** Undefined when the graphics processor is worth a trial, else why it is not. */
export async function gpuUnusable(): Promise<string | undefined> {
  // Typed as always there; it is not on plain HTTP and in older browsers.
  const gpu = navigator.gpu as GPU | undefined;
  if (gpu === undefined) return 'this browser does not offer WebGPU';
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (adapter === null) return 'the browser found no graphics processor that it may use';
  if (adapter.info.isFallbackAdapter) return 'it is only imitated by the processor here';
  const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
  if (connection?.saveData === true) return 'its program is large, and this device is set to save data';
  const { quota, usage } = await navigator.storage.estimate();
  if (quota !== undefined && usage !== undefined && quota - usage < roomToLeaveBytes) {
    return 'its program would take room that pictures may need';
  }
  return undefined;
}
