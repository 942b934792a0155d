import { shareText } from '../../shared/kernel/share-text.ts';

export function percent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`;
}

interface Proportion {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** "90 % (83–94 %, n = 100)": the interval is the 95 % confidence interval of the test. */
export function proportionInWords({ value, low, high, n }: Proportion): string {
  return `${percent(value)} (${Math.round(low * 100)}–${percent(high)}, n\u00a0=\u00a0${n})`;
}

interface ShownNumber {
  readonly probability: number;
  readonly shownAs: 'probability' | 'score';
}

/** The number, and what has to be said with it: one that is not calibrated for this patient is no probability. */
export function numberInWords({
  probability,
  shownAs,
}: ShownNumber): readonly [number: string, caution?: string] {
  const number = shareText(probability);
  if (shownAs === 'probability') return [`probability ${number}`];
  return [`score ${number}`, '— not a probability for this patient'];
}

interface Side {
  readonly positive: boolean;
  readonly operatingPoint: { readonly name: string; readonly threshold: number };
}

export function sideInWords({ positive, operatingPoint }: Side): string {
  const { name, threshold } = operatingPoint;
  return `${positive ? 'At or above' : 'Below'} the operating point “${name}” (${threshold.toFixed(2)})`;
}

export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export function millisecondsInWords(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** "1 file", "3 files". */
export function countInWords(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Date and time of day, as this device writes them. @param at milliseconds since 1970 */
export function momentInWords(at: number): string {
  return moments.format(at);
}
