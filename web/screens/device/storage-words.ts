import type { StorageFacts } from '../../pwa/storage-facts.ts';
import type { StorageRoom } from '../../pwa/storage-reserve.ts';
import { bytesInWords } from '../../ui/words.ts';

const unsaid = 'this browser does not say';

export const bytesOrUnsaid = (bytes: number | undefined): string =>
  bytes === undefined ? unsaid : bytesInWords(bytes);

export function promiseInWords(persisted: boolean | undefined): string {
  if (persisted === undefined) return unsaid;
  return persisted ? 'yes' : 'no: when room gets scarce, the browser may delete everything here';
}

/** How many more X-rays fit; undefined where the browser does not say how much room there is. */
export function filmsInWords(room: StorageRoom | undefined): string | undefined {
  if (room === undefined) return undefined;
  const { films } = room;
  // Nobody plans by more, and the disk is filled by others, too.
  if (films >= 10_000) return 'more than 10,000';
  if (films === 0) return 'none';
  const rounded = films < 20 ? films : Number(films.toPrecision(1));
  return `about ${rounded.toLocaleString('en')}`;
}

export interface RoomWarning {
  readonly kind: 'warning' | 'refused';
  readonly title: string;
  readonly next: string;
}

/** Before it is a problem, and when it is one. */
export function roomWarning(room: StorageRoom | undefined): RoomWarning | undefined {
  if (room === undefined || room.state === 'ample') return undefined;
  const next =
    'Sync, so that nothing is only here. Then free some space on the disk of this device, or delete X-rays that you have elsewhere.';
  if (room.state === 'scarce') return { kind: 'warning', title: 'Room on this device gets scarce.', next };
  return {
    kind: 'refused',
    title: 'No more X-rays are taken on this device.',
    next: `The last ${bytesInWords(room.reserveBytes)} are kept for the work on those that are here. ${next}`,
  };
}

/** What makes a browser promise to keep what is here. @param userAgent as it names itself */
export function keepAdvice(
  userAgent: string,
  { persisted }: Pick<StorageFacts, 'persisted'>,
): string | undefined {
  if (persisted === true) return undefined;
  const isApple = /AppleWebKit/.test(userAgent) && !/Chrome|Chromium|CriOS|Edg|Android/.test(userAgent);
  if (isApple && /iPhone|iPad/.test(userAgent))
    return 'Safari deletes what a page keeps when it is not opened for seven days. Tap “Share”, then “Add to Home Screen”, and open Fieldray from there.';
  if (isApple)
    return 'Safari deletes what a page keeps when it is not opened for seven days. Choose “File”, then “Add to Dock”, and open Fieldray from there.';
  if (/Firefox/.test(userAgent))
    return 'Firefox asks you whether Fieldray may keep data here: choose “Allow”.';
  return 'Chrome and Edge decide by themselves: install Fieldray from the menu of the browser, open it from there, then ask again.';
}
