import { useEngineState } from '../../app/services-context.tsx';
import type { Reading } from '../../data/reading.ts';
import { Thumbnail } from './thumbnail.tsx';

/** In the place of a result that is still to come. */
export function PendingReading({ reading }: { readonly reading: Reading }) {
  const { phase } = useEngineState();
  const isReading = reading.state === 'reading';
  const waiting =
    phase === 'ready'
      ? 'This picture waits in line. Its result appears here.'
      : 'This picture waits until this device is ready to read. Its result appears here.';
  return (
    <div className="pending">
      <Thumbnail reading={reading} />
      <div className="pending-text">
        <p>{isReading ? 'This picture is being read. Its result appears here.' : waiting}</p>
        {isReading && <progress aria-label="Reading" />}
        <span className="skeleton" aria-hidden="true" />
        <span className="skeleton short" aria-hidden="true" />
      </div>
    </div>
  );
}
