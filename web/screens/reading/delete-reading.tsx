import { useState } from 'react';
import { navigate } from '../../app/route.ts';
import { useObservable, useServices } from '../../app/services-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

interface DeleteReadingProps {
  readonly id: string;
  /** Then it is taken out of sight on every device of the clinic, which doctors may do. */
  readonly isRecord: boolean;
  /** What is shown afterwards; undefined: the list. */
  readonly thenShow: string | undefined;
}

const readingQuestion = 'Delete the result and the picture from this device? This cannot be undone.';
const recordQuestion =
  'Delete this X-ray from the records? It disappears on every device of the clinic. That it was there, and who deleted it, stays in the log.';

export function DeleteReading({ id, isRecord, thenShow }: DeleteReadingProps) {
  const { readings, records } = useServices();
  const role = useObservable(records.status)?.open?.person.role;
  const [asking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await readings.remove(id);
    navigate({ screen: 'readings', ...(thenShow !== undefined && { id: thenShow }) });
  };
  if (isRecord && role === 'user') return null;
  return (
    <>
      <button type="button" className="button danger-plain" onClick={() => setAsking(true)}>
        Delete
      </button>
      {asking && (
        <ConfirmDialog
          question={isRecord ? recordQuestion : readingQuestion}
          confirmLabel="Delete"
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
