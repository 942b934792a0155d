import { useState } from 'react';
import { hrefOf } from '../../app/route.ts';
import type { FoundReading } from '../../app/services.ts';
import { useServices } from '../../app/services-context.tsx';
import type { Outcome, Reading } from '../../data/reading.ts';
import { Notice } from '../../ui/notice.tsx';
import { patientInShort } from '../../ui/patient-words.ts';
import { useHeadingFocus } from '../../ui/use-heading-focus.ts';
import { CompareButton } from './compare/compare-button.tsx';
import { DeleteReading } from './delete-reading.tsx';
import { FileActions } from './file-actions.tsx';
import { NeighbourLinks, neighboursOf } from './neighbours.tsx';
import { PendingReading } from './pending-reading.tsx';
import { announcement, isFinished } from './reading-words.ts';
import { ResultBody } from './result-body.tsx';

interface ResultPaneProps {
  readonly id: string;
  readonly list: readonly Reading[];
}

/** Needs a `key` for each reading. */
export function ResultPane({ id, list }: ResultPaneProps) {
  const found = useServices().readings.useReading(id);
  if (found === undefined) return <p className="hint">Opening…</p>;
  if (found === null) return <NotThere />;
  return <Result found={found} list={list} />;
}

/** The row was written and its outcome was not: the power went in between. */
function lostOutcome({ problem }: Reading): Outcome {
  const title = problem ?? 'The result of this picture was lost.';
  return { problem: { code: 'server.internal', title, advice: 'Read it again.' } };
}

function NotThere() {
  const heading = useHeadingFocus('not-there');
  return (
    <section className="result" aria-labelledby="result-title">
      <h2 id="result-title" ref={heading} tabIndex={-1}>
        This X-ray is not on this device
      </h2>
      <p>It was deleted, or it was read on another device.</p>
      <p>
        <a className="button" href={hrefOf({ screen: 'readings' })}>
          All X-rays on this device
        </a>
      </p>
    </section>
  );
}

function Result({ found, list }: { readonly found: FoundReading; readonly list: readonly Reading[] }) {
  const { readings } = useServices();
  const { reading, outcome, kept } = found;
  const { id, fileName, state } = reading;
  const heading = useHeadingFocus(`reading ${id}`);
  const neighbours = neighboursOf(id, list);
  const readAgain = (): void => {
    // The button vanishes.
    heading.current?.focus();
    void readings.readAgain(id);
  };
  return (
    <section className="result" id="result" aria-labelledby="result-title">
      <header className="result-head">
        <h2 id="result-title" ref={heading} tabIndex={-1}>
          {patientInShort(reading.record?.patients) ?? fileName}
        </h2>
        <div className="result-actions">
          <NeighbourLinks {...neighbours} />
          <CompareButton id={id} list={list} />
          {isFinished(state) && <FileActions id={id} />}
          <DeleteReading
            id={id}
            isRecord={reading.record !== undefined}
            thenShow={neighbours.next ?? neighbours.previous}
          />
        </div>
      </header>
      <Spoken found={found} />
      {!kept && (
        <Notice kind="warning" title="This result is not kept.">
          <p>This device had no room for it. It is lost when this page is closed.</p>
        </Notice>
      )}
      {isFinished(state) ? (
        <ResultBody
          reading={reading}
          outcome={outcome ?? lostOutcome(reading)}
          nothingWaits={list.every((each) => isFinished(each.state))}
          onReadAgain={readAgain}
        />
      ) : (
        <PendingReading reading={reading} />
      )}
    </section>
  );
}

/** Says a result aloud that arrives while its reading is open. One that is opened later is read like any text. */
function Spoken({ found: { reading, outcome } }: { readonly found: FoundReading }) {
  const finished = isFinished(reading.state) && outcome !== undefined;
  const [arrives, setArrives] = useState(!finished);
  // Read once more.
  if (!finished && !arrives) setArrives(true);
  return (
    <p className="hidden-text" role="status">
      {arrives && (finished ? announcement(outcome) : `Reading ${reading.fileName}`)}
    </p>
  );
}
