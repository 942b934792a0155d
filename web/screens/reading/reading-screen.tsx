import { ErrorBoundary } from '../../app/page-error.tsx';
import { hrefOf } from '../../app/route.ts';
import { useDocumentTitle } from '../../ui/use-document-title.ts';
import { useHeadingFocus } from '../../ui/use-heading-focus.ts';
import type { Reading } from '../../data/reading.ts';
import { About } from './about.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { CompareScreen } from './compare/compare-screen.tsx';
import { EngineNotice } from '../engine-notice.tsx';
import { ReadingList } from './reading-list.tsx';
import { ResultPane } from './result-pane.tsx';
import { StorageNotice } from './storage-notice.tsx';
import type { AddFiles } from './use-add-files.ts';

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
    <CompareScreen key={`${id} ${beside}`} id={id} beside={beside} />
  );
}

/** The list at one side, what is open beside it; on a narrow screen the list becomes a strip above what is open. */
function ListAndReading({ id, list, adding, hanging }: ReadingScreenProps) {
  const heading = useHeadingFocus('readings', id === undefined);
  const fileName = list?.find((reading) => reading.id === id)?.fileName;
  useDocumentTitle(fileName ?? 'X-rays');
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
            <ResultPane id={id} list={list ?? []} />
          </ErrorBoundary>
        )}
      </div>
    </div>
  );
}
