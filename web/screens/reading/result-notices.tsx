import type { Analysis } from '../../../shared/api/analysis.ts';
import type { ProblemText } from '../../engine/engine-state.ts';
import { Notice } from '../../ui/notice.tsx';

export function SyntheticLabel() {
  return (
    <p className="synthetic">
      <strong>Synthetic picture</strong> Drawn by a program. This is not a patient; its score and its map mean
      nothing.
    </p>
  );
}

type Reason = Analysis['intake']['reasons'][number];

function Reasons({ reasons, label }: { readonly reasons: readonly Reason[]; readonly label: string }) {
  return (
    <ul aria-label={label}>
      {reasons.map(({ code, message, advice, detail }) => (
        <li key={code}>
          <strong>{message}</strong> {advice}
          {detail !== undefined && <span className="detail"> ({detail})</span>}
        </li>
      ))}
    </ul>
  );
}

/** The synthetic label has a place of its own and is not repeated among the warnings. */
export function Warnings({ intake }: Analysis) {
  const shown = intake.reasons.filter(({ code }) => code !== 'image.synthetic');
  if (shown.length === 0) return null;
  return (
    <Notice kind="warning">
      <Reasons reasons={shown} label="Warnings" />
    </Notice>
  );
}

export function Refusal({ intake }: Analysis) {
  return (
    <Notice kind="refused" title="This picture was not read">
      <Reasons reasons={intake.reasons} label="Why" />
      <p>So there is no number for it.</p>
    </Notice>
  );
}

interface FailureProps {
  readonly problem: ProblemText;
  readonly onReadAgain: () => void;
}

export function Failure({ problem, onReadAgain }: FailureProps) {
  const { code, title, advice, detail } = problem;
  return (
    <Notice kind="refused" title={title}>
      {advice !== undefined && <p>{advice}</p>}
      <p>There is no number for this picture.</p>
      <p className="detail">
        For support: <code>{code}</code>
        {detail !== undefined && ` (${detail})`}
      </p>
      <button type="button" className="button" onClick={onReadAgain}>
        Read again
      </button>
    </Notice>
  );
}
