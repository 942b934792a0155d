import type { Explanation } from '../../shared/api/explanation.ts';
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

/** The outcome with an explanation more; it takes the place of an earlier one of the same method. */
export function withExplanation(outcome: Outcome, of: string, explanation: Explanation): Outcome {
  if (outcome.analysis === undefined) return outcome;
  const { analysis } = outcome;
  const added = <Part extends { explanations?: Explanation[] | undefined }>(part: Part) => ({
    ...part,
    explanations: [
      ...(part.explanations ?? []).filter(({ method }) => method !== explanation.method),
      explanation,
    ],
  });
  if (of !== 'lungs') {
    const findings = analysis.findings.map((finding) => (finding.code === of ? added(finding) : finding));
    return { analysis: { ...analysis, findings } };
  }
  return analysis.lungs === undefined ? outcome : { analysis: { ...analysis, lungs: added(analysis.lungs) } };
}
