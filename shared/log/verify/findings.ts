import type { Finding, FindingCode, FirstBad } from './report.ts';

/** Of one kind no more are listed; the others are counted. A file that is wrong throughout must not fill the memory. */
const mostOfOneCode = 50;

/** Collects what is wrong. */
export interface Findings {
  add(finding: Finding): void;
  count(): number;
  list(): Finding[];
  /** Null where nothing that is wrong concerns a record. */
  firstBad(): FirstBad | null;
}

const positionOf = ({ index, line }: Finding): number => index ?? line ?? Number.MAX_SAFE_INTEGER;

export function createFindings(): Findings {
  const listed = new Map<FindingCode, Finding[]>();
  let count = 0;
  // Signatures are checked beside the reading, so findings come in any order: the first must not depend on it.
  let exact: Finding | undefined;
  let stretch: Finding | undefined;

  const isEarlier = (finding: Finding, than: Finding | undefined): boolean =>
    than === undefined || finding.index! < than.index!;

  return {
    add(finding) {
      count++;
      const same = listed.get(finding.code) ?? [];
      listed.set(finding.code, same);
      if (same.length < mostOfOneCode) same.push(finding);
      if (finding.index === undefined) return;
      if (finding.before === undefined) {
        if (isEarlier(finding, exact)) exact = finding;
      } else if (isEarlier(finding, stretch)) stretch = finding;
    },
    count: () => count,
    list: () => [...listed.values()].flat().toSorted((a, b) => positionOf(a) - positionOf(b)),
    firstBad() {
      // One record inside the stretch that is bad by itself explains the stretch.
      const first =
        exact === undefined || (stretch !== undefined && exact.index! >= stretch.before!) ? stretch : exact;
      if (first === undefined) return null;
      const { index, before, h, device, n } = first;
      const isStretch = before !== undefined;
      return {
        index: index!,
        ...(isStretch ? { before } : {}),
        ...(h === undefined || isStretch ? {} : { h }),
        ...(device === undefined || isStretch ? {} : { device }),
        ...(n === undefined || isStretch ? {} : { n }),
      };
    },
  };
}
