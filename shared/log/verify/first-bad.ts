import type { Finding, FindingCode, FirstBad } from './report.ts';

/**
 * Which record to name, from all that was found. An entry that is bad by itself comes first, unless the tree or a witness
 * shows that something before it is bad: what they say of the beginning, nothing later can spoil. Missing signatures and
 * missing bodies may be the work of something later; they only narrow the place, or stand where nothing else does.
 */
export interface FirstBadSearch {
  add(finding: Finding): void;
  /** Null where nothing that is wrong concerns a record. */
  find(): FirstBad | null;
}

interface Stretch {
  readonly index: number;
  readonly before: number;
}

/** Of these, a few narrow the place down. */
const mostStretches = 1000;

const consequences: ReadonlySet<FindingCode> = new Set([
  'entry.unsigned',
  'body.missing',
  'body.not-erased',
  'head.signature',
]);

export function createFirstBad(): FirstBadSearch {
  let own: Finding | undefined;
  let weak: Finding | undefined;
  const strong: Stretch[] = [];
  const unsigned: Stretch[] = [];

  const isEarlier = (finding: Finding, than: Finding | undefined): boolean =>
    than === undefined || finding.index! < than.index!;

  return {
    add(finding) {
      const { code, index, before } = finding;
      if (index === undefined) return;
      const stretch = before === undefined ? undefined : { index, before };
      if (code === 'entry.unsigned') {
        if (stretch !== undefined && unsigned.length < mostStretches) unsigned.push(stretch);
      } else if (consequences.has(code)) {
        if (isEarlier(finding, weak)) weak = finding;
      } else if (stretch !== undefined) {
        if (strong.length < mostStretches) strong.push(stretch);
      } else if (isEarlier(finding, own)) own = finding;
    },
    find() {
      const shown = narrow(strong);
      if (own !== undefined && (shown === null || own.index! < shown.before)) return named(own);
      if (shown !== null) {
        // Of one chain alone: the bad record is in its unsigned part, or was the next one.
        const [only, ...others] = unsigned;
        const isMet = only !== undefined && others.length === 0 && only.index < shown.before;
        return isMet ? { ...shown, index: Math.max(shown.index, only.index) } : shown;
      }
      const run = narrow(unsigned);
      return run ?? (weak === undefined ? null : named(weak));
    },
  };
}

function named({ index, h, device, n }: Finding): FirstBad {
  return {
    index: index!,
    ...(h !== undefined && { h }),
    ...(device !== undefined && { device }),
    ...(n !== undefined && { n }),
  };
}

/** A bad record stands before the end of the stretch that ends first; others that meet that one are taken for the same. */
function narrow(stretches: readonly Stretch[]): Stretch | null {
  if (stretches.length === 0) return null;
  const before = Math.min(...stretches.map((stretch) => stretch.before));
  const index = Math.max(
    ...stretches.filter((stretch) => stretch.index < before).map((stretch) => stretch.index),
  );
  return { index: Math.min(index, before - 1), before };
}
