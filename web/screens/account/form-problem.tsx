import type { ProblemText } from '../../engine/engine-state.ts';
import { Notice } from '../../ui/notice.tsx';

export function FormProblem({ problem }: { readonly problem: ProblemText | undefined }) {
  if (problem === undefined) return null;
  return (
    <Notice kind="refused" title={problem.title} alert>
      {problem.advice !== undefined && <p>{problem.advice}</p>}
    </Notice>
  );
}
