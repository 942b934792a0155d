import { useState } from 'react';
import { navigate } from '../../app/route.ts';
import { useServices } from '../../app/services-context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

interface DeleteReadingProps {
  readonly id: string;
  /** What is shown afterwards; undefined: the list. */
  readonly thenShow: string | undefined;
}

export function DeleteReading({ id, thenShow }: DeleteReadingProps) {
  const { readings } = useServices();
  const [asking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await readings.remove(id);
    navigate({ screen: 'readings', ...(thenShow !== undefined && { id: thenShow }) });
  };
  return (
    <>
      <button type="button" className="button danger-plain" onClick={() => setAsking(true)}>
        Delete
      </button>
      {asking && (
        <ConfirmDialog
          question="Delete the result and the picture from this device? This cannot be undone."
          confirmLabel="Delete"
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
