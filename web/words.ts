import type { AnalysisFinding } from '../shared/api/analysis.ts';
import { shareText } from '../shared/kernel/share-text.ts';

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

/** The number, and what has to be said with it: one that is not calibrated for this patient is no probability. */
export function numberInWords({
  probability,
  shownAs,
}: AnalysisFinding): readonly [number: string, caution?: string] {
  const number = shareText(probability);
  if (shownAs === 'probability') return [`probability ${number}`];
  return [`score ${number}`, '— not a probability for this patient'];
}

export function sideInWords({ positive, operatingPoint }: AnalysisFinding): string {
  const { name, threshold } = operatingPoint;
  return `${positive ? 'At or above' : 'Below'} the operating point “${name}” (${threshold.toFixed(2)})`;
}

export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function millisecondsInWords(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
