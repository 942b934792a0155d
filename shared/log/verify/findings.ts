import { createFirstBad } from './first-bad.ts';
import type { Finding, FindingCode, FirstBad } from './report.ts';

/** Of one kind no more are listed; the others are counted. A file that is wrong throughout must not fill the memory. */
const mostOfOneCode = 50;

/** Collects what is wrong; signatures are checked beside the reading, so the order of the calls means nothing. */
export interface Findings {
  add(finding: Finding): void;
  count(): number;
  list(): Finding[];
  firstBad(): FirstBad | null;
}

const positionOf = ({ index, line }: Finding): number => index ?? line ?? Number.MAX_SAFE_INTEGER;

export function createFindings(): Findings {
  const listed = new Map<FindingCode, Finding[]>();
  const first = createFirstBad();
  let count = 0;

  return {
    add(finding) {
      count++;
      const same = listed.get(finding.code) ?? [];
      listed.set(finding.code, same);
      if (same.length < mostOfOneCode) same.push(finding);
      first.add(finding);
    },
    count: () => count,
    list: () => [...listed.values()].flat().toSorted((a, b) => positionOf(a) - positionOf(b)),
    firstBad: () => first.find(),
  };
}
