import { type Dispatch, useCallback, useEffect, useReducer, useState } from 'react';
import { hrefOf } from '../../../app/route.ts';
import { useServices } from '../../../app/services-context.tsx';
import type { Outcome, Reading } from '../../../data/reading.ts';
import { focusTitle } from '../../../ui/focus-title.ts';
import { Notice } from '../../../ui/notice.tsx';
import { useDocumentTitle } from '../../../ui/use-document-title.ts';
import { useHeadingFocus } from '../../../ui/use-heading-focus.ts';
import { Viewer } from '../../../viewer/viewer.tsx';
import type { ViewerAction, ViewerState } from '../../../viewer/viewer-state.ts';
import { announcement, isFinished, stateInWords } from '../reading-words.ts';
import { usePicture } from '../use-picture.ts';
import { nextPair, type PairAction, type Side, startPair } from './pair-state.ts';

interface CompareScreenProps {
  readonly id: string;
  readonly beside: string;
}

/** Two pictures beside each other; below each other on a phone. Needs a `key` for each pair. */
export function CompareScreen({ id, beside }: CompareScreenProps) {
  const [pair, dispatch] = useReducer(nextPair, startPair);
  const heading = useHeadingFocus(`compare ${id} ${beside}`);
  useDocumentTitle('Compare');
  return (
    <section className="compare" aria-labelledby="compare-heading">
      <header className="result-head">
        <h1 id="compare-heading" className="screen-title" ref={heading} tabIndex={-1}>
          Compare two X&#8209;rays
        </h1>
        <div className="result-actions">
          <label className="viewer-check">
            <input
              type="checkbox"
              checked={pair.linked}
              onChange={(event) => dispatch({ type: 'link', linked: event.target.checked })}
            />
            Linked: zoom, place, brightness and contrast go together
          </label>
          <a className="button" href={hrefOf({ screen: 'readings', id })}>
            Back to one X&#8209;ray
          </a>
        </div>
      </header>
      <div className="compare-sides">
        <CompareSide id={id} side="left" state={pair.left} dispatch={dispatch} />
        <CompareSide id={beside} side="right" state={pair.right} dispatch={dispatch} />
      </div>
    </section>
  );
}

interface CompareSideProps {
  readonly id: string;
  readonly side: Side;
  readonly state: ViewerState | undefined;
  readonly dispatch: Dispatch<PairAction>;
}

function CompareSide({ id, side, state, dispatch }: CompareSideProps) {
  const found = useServices().readings.useReading(id);
  const [name, setName] = useState<string>();
  if (found && name !== found.reading.fileName) setName(found.reading.fileName);
  if (found === undefined) return <p className="hint">Opening…</p>;
  if (found === null) return <MissingSide name={name} />;
  const { reading, outcome } = found;
  return (
    <article className="compare-side" aria-labelledby={`compare-${side}`}>
      <h2 id={`compare-${side}`}>{reading.fileName}</h2>
      <p className="hint">added {new Date(reading.addedAt).toLocaleString()}</p>
      <p className="compare-result">{stateInWords(reading)}</p>
      <ComparedPicture reading={reading} outcome={outcome} side={side} state={state} dispatch={dispatch} />
    </article>
  );
}

/** @param name of what was there until now */
function MissingSide({ name }: { readonly name: string | undefined }) {
  useEffect(() => {
    // It was in what has gone.
    if (document.activeElement === document.body) focusTitle();
  }, []);
  const title = name === undefined ? 'This X-ray is not on this device.' : `${name} has been deleted.`;
  return (
    <Notice kind="warning" title={title} alert={name !== undefined}>
      <p>
        {name === undefined && 'It was deleted, or it was read on another device. '}
        Go back and choose another one.
      </p>
    </Notice>
  );
}

interface ComparedPictureProps extends Omit<CompareSideProps, 'id'> {
  readonly reading: Reading;
  readonly outcome: Outcome | undefined;
}

function ComparedPicture({ reading, outcome, side, state, dispatch }: ComparedPictureProps) {
  // A file that stopped its reader could stop the viewer, too; one that is being read may be one.
  const isKnown = isFinished(reading.state) && outcome?.analysis !== undefined;
  const { state: opened, reopen } = usePicture(reading.id, isKnown);
  const picture = opened.status === 'open' ? opened.picture : undefined;
  useEffect(() => {
    if (picture !== undefined) dispatch({ type: 'opened', side, size: picture });
  }, [picture, side, dispatch]);
  const act = useCallback((action: ViewerAction) => dispatch({ type: 'on', side, action }), [side, dispatch]);
  if (!isKnown || opened.status === 'none') {
    const problem = opened.status === 'none' ? opened.problem : undefined;
    return (
      <Notice
        kind="warning"
        title={isKnown ? 'The picture cannot be shown.' : 'There is no picture to show yet.'}
      >
        {problem !== undefined && <p>{problem.title}</p>}
        <p>{problem?.advice ?? 'Go back and choose another one.'}</p>
      </Notice>
    );
  }
  if (picture === undefined || state === undefined) {
    return <div className="viewer-opening">Opening the picture…</div>;
  }
  const { analysis } = outcome;
  return (
    <Viewer
      picture={picture}
      label={`${side === 'left' ? 'Left' : 'Right'} X-ray ${reading.fileName}`}
      synthetic={analysis.image.synthetic}
      found={announcement(outcome)}
      lungs={analysis.lungs}
      heat="none"
      folded
      onFailure={reopen}
      state={state}
      dispatch={act}
    />
  );
}
