import { pushOf } from '../../hub-log/log-device.ts';
import type { SignedInDevice } from '../../hub-log/load/signed-in-device.ts';
import { writeRecord } from '../../hub-log/load/write-record.ts';

/** Writes what devices will push, so that the clients cost nothing while the hub is measured. */
export function createPushTexts() {
  const counts = new Map<SignedInDevice, number>();
  return async (signedIn: SignedInDevice, entries: number): Promise<string> => {
    const first = counts.get(signedIn) ?? 0;
    counts.set(signedIn, first + entries);
    const written = Array.from({ length: entries }, (_, at) => writeRecord(signedIn.device, first + at));
    return JSON.stringify(await pushOf(signedIn.device, written));
  };
}
