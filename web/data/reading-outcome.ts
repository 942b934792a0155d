import type { Outcome, Reading } from './reading.ts';

/** What the list shows of an outcome. */
export function summaryOf(
  outcome: Outcome,
): Pick<Reading, 'state' | 'findings' | 'synthetic'> & { problem?: string } {
  if (outcome.problem !== undefined) {
    return { state: 'failed', findings: [], synthetic: false, problem: outcome.problem.title };
  }
  const { intake, findings, image } = outcome.analysis;
  const { synthetic } = image;
  if (intake.status === 'refused') {
    const [reason] = intake.reasons;
    return { state: 'refused', findings: [], synthetic, ...(reason && { problem: reason.message }) };
  }
  return {
    state: 'read',
    synthetic,
    findings: findings.map(({ name, probability, shownAs, positive }) => ({
      name,
      probability,
      shownAs,
      positive,
    })),
  };
}
