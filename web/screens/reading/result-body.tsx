import type { Analysis } from '../../../shared/api/analysis.ts';
import type { Outcome, Reading } from '../../data/reading.ts';
import { Notice } from '../../ui/notice.tsx';
import { Viewport } from '../../viewer/viewport.tsx';
import { FindingView } from './finding-view.tsx';
import { Provenance } from './provenance.tsx';
import { Failure, Refusal, SyntheticLabel, Warnings } from './result-notices.tsx';
import { usePicture } from './use-picture.ts';

interface ResultBodyProps {
  readonly reading: Reading;
  readonly outcome: Outcome;
  readonly onReadAgain: () => void;
}

export function ResultBody({ reading, outcome, onReadAgain }: ResultBodyProps) {
  const { analysis, problem } = outcome;
  // A file that stopped its reader could stop the viewer, too.
  return analysis === undefined ? (
    <Failure problem={problem} onReadAgain={onReadAgain} />
  ) : (
    <Analysed id={reading.id} analysis={analysis} />
  );
}

function Analysed({ id, analysis }: { readonly id: string; readonly analysis: Analysis }) {
  const { synthetic } = analysis.image;
  const { state, reopen } = usePicture(id, true);
  return (
    <>
      {synthetic && <SyntheticLabel />}
      <div className={state.status === 'none' ? 'columns single' : 'columns'}>
        {state.status === 'opening' && <div className="viewer-opening">Opening the picture…</div>}
        {state.status === 'open' && (
          <Viewport
            picture={state.picture}
            label={synthetic ? 'The drawn phantom' : 'The X-ray'}
            synthetic={synthetic}
            analysis={analysis}
            onFailure={reopen}
          />
        )}
        <div className="reading">
          {state.status === 'none' && state.problem !== undefined && analysis.intake.status !== 'refused' && (
            <Notice kind="warning" title="The picture cannot be shown.">
              <p>{state.problem.title}</p>
              {state.problem.advice !== undefined && <p>{state.problem.advice}</p>}
            </Notice>
          )}
          {analysis.intake.status === 'refused' ? <Refusal {...analysis} /> : <Read analysis={analysis} />}
        </div>
      </div>
      <Provenance analysis={analysis} />
    </>
  );
}

function Read({ analysis }: { readonly analysis: Analysis }) {
  return (
    <>
      <Warnings {...analysis} />
      {analysis.findings.map((finding) => (
        <FindingView key={finding.code} finding={finding} />
      ))}
      <p className="disclaimer">{analysis.disclaimer}</p>
    </>
  );
}
