import type { BundleMade } from '../../../shared/log/bundle/write-bundle.ts';
import type { FileTaken } from '../../engine/records-api.ts';
import { countInWords } from '../../ui/words.ts';

const records = (count: number): string => countInWords(count, 'record', 'records');
const pictures = (count: number): string => countInWords(count, 'picture', 'pictures');

/** Says nothing about anybody: it lies on a stick. */
export function fileName(device: string, now: Date): string {
  return `fieldray-${now.toISOString().slice(0, 10)}-${device.slice(0, 6)}.bundle`;
}

export function madeInWords(made: BundleMade): readonly string[] {
  const lines = [`The file has ${records(made.entries)} and ${pictures(made.pictures)}.`];
  if (made.entries === 0) lines.push('Everything is at the hub already.');
  return lines;
}

export function takenInWords(taken: FileTaken): readonly string[] {
  if (taken.kind === 'reply') {
    return [
      taken.delivered === 0
        ? 'The hub’s answer was known here already.'
        : `The hub has ${records(taken.delivered)} of this device.`,
    ];
  }
  const { entries, pictures: films } = taken;
  return [
    entries.fresh + films.fresh === 0
      ? 'Everything in this file was here already.'
      : `New here: ${records(entries.fresh)} and ${pictures(films.fresh)}.`,
    ...(entries.orphans > 0
      ? [
          `Waiting for others that are not here yet: ${records(entries.orphans)}. Let this device meet the hub, then take this file again.`,
        ]
      : []),
    ...(entries.refused + films.refused > 0
      ? [
          `Not taken, because it does not prove who made it: ${records(entries.refused)} and ${pictures(films.refused)}.`,
        ]
      : []),
  ];
}
