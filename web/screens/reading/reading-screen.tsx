import { lazy, Suspense, useEffect } from 'react';
import { ErrorBoundary } from '../../app/page-error.tsx';
import { hrefOf } from '../../app/route.ts';
import { useDocumentTitle } from '../../ui/use-document-title.ts';
import { useHeadingFocus } from '../../ui/use-heading-focus.ts';
import type { Reading } from '../../data/reading.ts';
import { About } from './about.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { EngineNotice } from '../engine-notice.tsx';
import { ReadingList } from './reading-list.tsx';
import { StorageNotice } from './storage-notice.tsx';
import type { AddFiles } from './use-add-files.ts';

// With the viewer it is half of what the list can do without.
const loadResult = async () => ({ default: (await import('./result-pane.tsx')).ResultPane });
const ResultPane = lazy(loadResult);
const CompareScreen = lazy(async () => ({
  default: (await import('./compare/compare-screen.tsx')).CompareScreen,
}));
const EarlierNotice = lazy(async () => ({
  default: (await import('./earlier-notice.tsx')).EarlierNotice,
}));

interface ReadingScreenProps {
  /** The reading that is open. */
  readonly id: string | undefined;
  /** Another one, to be compared with it. */
  readonly beside: string | undefined;
  /** Undefined while it is loading. */
  readonly list: readonly Reading[] | undefined;
  readonly adding: AddFiles;
  readonly hanging: boolean;
}

export function ReadingScreen(props: ReadingScreenProps) {
  const { id, beside } = props;
  return id === undefined || beside === undefined ? (
    <ListAndReading {...props} />
  ) : (
    <Suspense>
      <CompareScreen key={`${id} ${beside}`} id={id} beside={beside} />
    </Suspense>
  );
}

/** The list at one side, what is open beside it; on a narrow screen the list becomes a strip above what is open. */
function ListAndReading({ id, list, adding, hanging }: ReadingScreenProps) {
  const heading = useHeadingFocus('readings', id === undefined);
  // Before it is asked for, and after the list is there; a failure is told when it is.
  useEffect(() => void loadResult().catch(() => undefined), []);
  const open = list?.find((reading) => reading.id === id);
  // Titles end up in the browser's history, which nobody seals: no name of a file once there are records.
  useDocumentTitle(open?.record === undefined ? (open?.fileName ?? 'X-rays') : 'X-ray');
  const isEmpty = list?.length === 0;
  return (
    <div className={id === undefined ? 'panes' : 'panes with-result'}>
      <div className="pane-list">
        <h1 ref={heading} tabIndex={-1} className="screen-title">
          X&#8209;rays
        </h1>
        {id !== undefined && (
          <a className="button plain back" href={hrefOf({ screen: 'readings' })}>
            All X&#8209;rays
          </a>
        )}
        <ChooseFiles adding={adding} hanging={hanging} />
        <EngineNotice />
        <StorageNotice films={list?.length} />
        <Suspense>
          <EarlierNotice />
        </Suspense>
        {list !== undefined && !isEmpty && <ReadingList list={list} currentId={id} />}
      </div>
      <div className="pane-result">
        {id === undefined ? (
          <>
            {list !== undefined && !isEmpty && (
              <p className="hint choose-one">Choose an X-ray in the list.</p>
            )}
            <About />
          </>
        ) : (
          <ErrorBoundary key={id}>
            <Suspense fallback={<p className="hint">Opening…</p>}>
              <ResultPane id={id} list={list ?? []} />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
    </div>
  );
}
