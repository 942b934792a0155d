import type { AnalysisFinding } from '../../shared/api/analysis.ts';

/** The finding whose map is shown: the chosen one, else that with the highest probability. */
export function shownFinding(
  findings: readonly AnalysisFinding[],
  chosen: string | undefined,
): AnalysisFinding | undefined {
  const found = findings.find(({ code }) => code === chosen);
  return found ?? findings.toSorted((a, b) => b.probability - a.probability)[0];
}
