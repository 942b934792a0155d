import { useEffect } from 'react';
import type { AnalysisFinding } from '../../../../shared/api/analysis.ts';
import { useObservable, useServices } from '../../../app/services-context.tsx';
import type { RecordSummary } from '../../../data/reading.ts';
import { PatientSection } from './patient-section.tsx';
import { RecordHistory } from './record-history.tsx';
import { ReviewForm } from './review-form.tsx';
import { stateSentence } from './review-words.ts';
import { SignedReadings } from './signed-readings.tsx';
import { useRecord } from './use-record.ts';

interface RecordPanelProps {
  readonly id: string;
  readonly record: RecordSummary;
  readonly findings: readonly AnalysisFinding[];
}

/** Whose X-ray it is, what readers say of it, and what has happened to it. */
export function RecordPanel({ id, record, findings }: RecordPanelProps) {
  const { readings, records } = useServices();
  const { person } = useObservable(records.status)?.open ?? {};
  const reviews = useRecord((asked) => asked.reviews(id));
  useEffect(() => {
    // That somebody looked is said once for each time that it is opened; where it cannot be, looking is not forbidden.
    readings.noteUse(id, 'opened').catch(() => undefined);
  }, [readings, id]);
  return (
    <section className="record" aria-labelledby="record-title">
      <PatientSection id={id} patients={record.patients} />
      <h3 id="record-title">What readers say</h3>
      {reviews !== undefined && (
        <>
          <p role="status" className={reviews.state === 'discordant' ? 'discordant' : undefined}>
            {stateSentence(reviews)}
          </p>
          <SignedReadings reviews={reviews} findings={findings} />
          {person !== undefined && person.role !== 'user' && (
            <ReviewForm key={id} id={id} findings={findings} reviews={reviews} />
          )}
          {person?.role === 'user' && <p className="hint">Readings are signed by doctors.</p>}
        </>
      )}
      <RecordHistory id={id} />
    </section>
  );
}
