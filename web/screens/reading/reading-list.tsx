import { useEffect, useRef, useState } from 'react';
import { navigate } from '../../app/route.ts';
import { useServices } from '../../app/services-context.tsx';
import type { Reading } from '../../data/reading.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { focusTitle } from '../../ui/focus-title.ts';
import { scrollWithin } from '../../ui/scroll-within.ts';
import { countInWords } from '../../ui/words.ts';
import { BatchProgress } from './batch-progress.tsx';
import { ReadingRow } from './reading-row.tsx';
import { isFinished } from './reading-words.ts';

interface ReadingListProps {
  readonly list: readonly Reading[];
  readonly currentId: string | undefined;
}

export function ReadingList({ list, currentId }: ReadingListProps) {
  const rows = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const row = rows.current?.querySelector('[aria-current]') ?? undefined;
    if (rows.current === null || row === undefined) return;
    // One of the two scrolls, as wide as the screen is.
    for (const scroller of [rows.current, rows.current.closest('.pane-list')]) {
      if (scroller !== null) scrollWithin(scroller, row);
    }
  }, [currentId]);
  return (
    <section className="list" aria-labelledby="list-title">
      <h2 id="list-title" className="hidden-text">
        List
      </h2>
      <BatchProgress readings={list} />
      <ul className="rows" ref={rows}>
        {list.map((reading) => (
          <ReadingRow key={reading.id} reading={reading} current={reading.id === currentId} />
        ))}
      </ul>
      <DeleteFinished list={list} currentId={currentId} />
    </section>
  );
}

function DeleteFinished({ list, currentId }: ReadingListProps) {
  const { readings } = useServices();
  /** Those that were finished when it was asked: what arrives meanwhile has not been seen. */
  const [asked, setAsked] = useState<readonly Reading[]>([]);
  // Records are deleted one by one, by somebody who looked at each.
  const finished = list.filter(({ state, record }) => isFinished(state) && record === undefined);
  if (finished.length === 0 && asked.length === 0) return null;
  const remove = async (): Promise<void> => {
    if (asked.some(({ id }) => id === currentId)) navigate({ screen: 'readings' });
    for (const { id } of asked) await readings.remove(id);
    // The button goes with them.
    focusTitle();
  };
  return (
    <>
      <button type="button" className="button plain delete-all" onClick={() => setAsked(finished)}>
        Delete all finished…
      </button>
      {asked.length > 0 && (
        <ConfirmDialog
          question={`Delete ${countInWords(asked.length, 'result and its picture', 'results and their pictures')} from this device? This cannot be undone.`}
          confirmLabel="Delete"
          onConfirm={() => void remove()}
          onClose={() => setAsked([])}
        />
      )}
    </>
  );
}
