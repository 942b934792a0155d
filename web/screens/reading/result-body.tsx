import { lazy, Suspense } from 'react';
import type { Analysis } from '../../../shared/api/analysis.ts';
import type { Outcome, Reading, RecordSummary } from '../../data/reading.ts';
import { Notice } from '../../ui/notice.tsx';
import { Viewport } from '../../viewer/viewport.tsx';
import type { DrawnHeat } from '../../viewer/heat-layer.tsx';
import { FindingView } from './finding-view.tsx';
import { MapPanel } from './map/map-panel.tsx';
import type { ShownMap } from './map/shown-map.ts';
import { useMap } from './map/use-map.ts';
import { announcement } from './reading-words.ts';
import { Provenance } from './provenance.tsx';
import { QualityPanel } from './quality/quality-panel.tsx';
import { Failure, Refusal, SyntheticLabel, Warnings } from './result-notices.tsx';
import { usePicture } from './use-picture.ts';

// Not before somebody has signed in.
const RecordPanel = lazy(async () => ({
  default: (await import('./record/record-panel.tsx')).RecordPanel,
}));

interface ResultBodyProps {
  readonly reading: Reading;
  readonly outcome: Outcome;
  /** No picture waits to be read. */
  readonly nothingWaits: boolean;
  readonly onReadAgain: () => void;
}

export function ResultBody({ reading, outcome, nothingWaits, onReadAgain }: ResultBodyProps) {
  const { analysis, problem } = outcome;
  // A file that stopped its reader could stop the viewer, too.
  return analysis === undefined ? (
    <Failure problem={problem} onReadAgain={onReadAgain} />
  ) : (
    <Analysed
      id={reading.id}
      record={reading.record}
      analysis={analysis}
      nothingWaits={nothingWaits}
      onReadAgain={onReadAgain}
    />
  );
}

interface AnalysedProps extends Pick<ResultBodyProps, 'nothingWaits' | 'onReadAgain'> {
  readonly id: string;
  readonly record: RecordSummary | undefined;
  readonly analysis: Analysis;
}

function Analysed({ id, record, analysis, nothingWaits, onReadAgain }: AnalysedProps) {
  const { synthetic } = analysis.image;
  const { state, reopen } = usePicture(id, true);
  const map = useMap(id, analysis, nothingWaits);
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
            found={announcement({ analysis })}
            lungs={analysis.lungs}
            heat={heatOf(map.shown)}
            onFailure={reopen}
          >
            <MapPanel control={map} onReadAgain={onReadAgain} />
          </Viewport>
        )}
        <div className="reading">
          {state.status === 'none' && state.problem !== undefined && analysis.intake.status !== 'refused' && (
            <Notice kind="warning" title="The picture cannot be shown.">
              <p>{state.problem.title}</p>
              {state.problem.advice !== undefined && <p>{state.problem.advice}</p>}
            </Notice>
          )}
          {analysis.intake.status === 'refused' ? <Refusal {...analysis} /> : <Read analysis={analysis} />}
          <Suspense>
            {record !== undefined && <RecordPanel id={id} record={record} findings={analysis.findings} />}
          </Suspense>
          {analysis.quality !== undefined && <QualityPanel quality={analysis.quality} />}
        </div>
      </div>
      <Provenance analysis={analysis} />
    </>
  );
}

function heatOf(shown: ShownMap | undefined): DrawnHeat | 'none' | undefined {
  if (shown === undefined) return 'none';
  const { heatmap, subject, progress } = shown;
  const doubtful = progress.is === 'judged' && !progress.words.holds;
  return heatmap && { heatmap, strength: subject.strength, doubtful };
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
