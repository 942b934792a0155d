import type { Ledger, LossSummary, Unsynced } from '../../../shared/log/ledger.ts';
import type { DamagedStore, RecordsStatus } from '../../engine/records-api.ts';
import { countInWords, momentInWords } from '../../ui/words.ts';

/** What is wrong with what this device keeps, and what a person does about it. */
export interface DamageWords {
  readonly what: DamagedStore;
  readonly title: string;
  readonly safe: string;
  /** What the hub does not have, as far as it was noted. */
  readonly loss: string;
  readonly next: string;
}

const titles: Record<DamagedStore, string> = {
  'records-gone': 'The records of this device are gone.',
  'records-damaged': 'The records of this device are damaged.',
  'vault-gone': 'What this device kept is gone.',
};

/** Undefined where all is well, or nothing tells that there ever was more. */
export function damageInWords(
  { vault, damage }: Pick<RecordsStatus, 'vault' | 'damage'>,
  ledger: Ledger | undefined,
): DamageWords | undefined {
  // Nobody signs in a second time on a device that has all.
  const what = damage ?? (vault === 'none' && ledger !== undefined ? 'vault-gone' : undefined);
  if (what === undefined) return undefined;
  return { what, title: titles[what], ...beforeRebuild(ledger), next: nextStep(what, vault) };
}

function beforeRebuild(ledger: Ledger | undefined): Pick<DamageWords, 'safe' | 'loss'> {
  const safe = 'Whatever had reached the hub is safe there.';
  if (ledger === undefined) return { safe, loss: 'What had not is not known: nothing was noted here.' };
  const { unsynced, settledAt } = ledger;
  if (unsynced.count === 0 && unsynced.pictures === 0) {
    return { safe, loss: `Everything had reached it at ${momentInWords(unsynced.at)}.` };
  }
  const since =
    settledAt === undefined ? '' : ` The last time that was everything: ${momentInWords(settledAt)}.`;
  return { safe: `${safe}${since}`, loss: `Not at the hub: ${openInWords(unsynced, unsynced.pictures)}.` };
}

function nextStep(what: DamagedStore, vault: RecordsStatus['vault']): string {
  const fetched = 'Everything is fetched again from there';
  if (what === 'vault-gone') return `Sign in while the hub is in reach. ${fetched}.`;
  const unlock = vault === 'open' ? 'Lock this device, then unlock it' : 'Unlock this device';
  const rest = what === 'records-gone' ? '.' : '; what can still be read here is kept and sent.';
  const meanwhile = vault === 'open' ? ' Until then you can go on working.' : '';
  return `${unlock} while the hub is in reach. ${fetched}${rest}${meanwhile}`;
}

export interface LossWords {
  readonly title: string;
  readonly lines: readonly string[];
  /** It is known, and can be put away. */
  readonly isKnown: boolean;
}

/** After the records were made anew: what did not come back. */
export function lossInWords({ noted, missing }: NonNullable<Ledger['lost']>): LossWords {
  if (missing === undefined) {
    return {
      title: 'The records of this device are being fetched again.',
      lines: [`Then it is seen what of these has reached the hub: ${openInWords(noted, 0)}.`],
      isKnown: false,
    };
  }
  const { count } = missing;
  const { pictures } = noted;
  const records = count > 0 ? [`Neither at the hub nor here: ${openInWords(missing, 0)}.`] : [];
  const files =
    pictures > 0 ? [`${countInWords(pictures, 'picture', 'pictures')} had not reached the hub in full.`] : [];
  return {
    title: count > 0 ? `${recordsInWords(count)} lost.` : 'Some pictures are lost.',
    lines: [
      ...records,
      ...files,
      'Choose those X-rays once more, if their files are still on the X-ray machine or a disk, and review them again. If another device has some of these records and syncs them, this number becomes smaller.',
    ],
    isKnown: true,
  };
}

/** Where nothing was left that could tell. @param earlierAt when the hub last heard of a device of this name */
export function earlierInWords(earlierAt: number): LossWords {
  return {
    title: 'Was this device in use before?',
    lines: [
      `Nothing of that was left here. The hub last heard from a device of this name at ${momentInWords(earlierAt)}. If that was this one, everything until then is here again, and what was made on it later is lost.`,
    ],
    isKnown: true,
  };
}

const recordsInWords = (count: number): string =>
  count === 1 ? '1 record is' : `${count.toLocaleString('en')} records are`;

/** "7 records (5 X-rays, 2 reviews), made between 23 Nov 2026, 10:02 and 10:40". */
function openInWords({ count, kinds, first, last }: LossSummary | Unsynced, pictures: number): string {
  const counted = [
    count > 0 || pictures === 0
      ? `${count.toLocaleString('en')} ${count === 1 ? 'record' : 'records'}${kindsInWords(kinds)}`
      : '',
    pictures > 0 ? countInWords(pictures, 'picture', 'pictures') : '',
  ];
  const what = counted.filter((part) => part !== '').join(' and ');
  if (first === undefined || last === undefined || count === 0) return what;
  const [from, to] = [momentInWords(first), momentInWords(last)];
  return from === to ? `${what}, made at ${from}` : `${what}, made between ${from} and ${to}`;
}

const kindNames: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'image.added': ['X-ray', 'X-rays'],
  'result.added': ['result', 'results'],
  'review.added': ['review', 'reviews'],
  'review.adjudicated': ['decision between reviews', 'decisions between reviews'],
};

function kindsInWords(kinds: Readonly<Record<string, number>>): string {
  const named = Object.entries(kindNames).flatMap(([kind, [one, many]]) => {
    const count = kinds[kind] ?? 0;
    return count === 0 ? [] : [countInWords(count, one, many)];
  });
  const others = Object.entries(kinds)
    .filter(([kind]) => !(kind in kindNames))
    .reduce((sum, [, count]) => sum + count, 0);
  const all = [...named, ...(others > 0 ? [countInWords(others, 'other', 'others')] : [])];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}
