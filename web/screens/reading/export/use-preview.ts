import { useEffect, useState } from 'react';
import { useServices } from '../../../app/services-context.tsx';
import type { ExportPreview } from '../../../engine/file-api.ts';
import { openFile } from '../open-file.ts';

interface ShownPreview {
  /** Counted from 0. */
  readonly frame: number;
  readonly preview: ExportPreview;
}

interface PreviewOfFrame {
  /** The last one that could be shown. */
  readonly shown: ShownPreview;
  readonly wanted: number;
  /** Why the one that is wanted cannot be shown. */
  readonly error: unknown;
  readonly go: (frame: number) => void;
}

/** The pictures of a file, one at a time. @param first the preview of frame 0 */
export function usePreview(id: string, first: ExportPreview): PreviewOfFrame {
  const { readings, fileContents } = useServices();
  const [wanted, setWanted] = useState(0);
  const [shown, setShown] = useState<ShownPreview>({ frame: 0, preview: first });
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const stop = new AbortController();
    const open = async (): Promise<void> => {
      try {
        const preview =
          wanted === 0
            ? first
            : await fileContents.preview(await openFile(readings, id), wanted, stop.signal);
        if (!stop.signal.aborted) setShown({ frame: wanted, preview });
      } catch (thrown) {
        if (!stop.signal.aborted) setError(thrown);
      }
    };
    void open();
    return () => stop.abort();
  }, [id, first, wanted, readings, fileContents]);
  const go = (frame: number): void => {
    setError(undefined);
    setWanted(frame);
  };
  return { shown, wanted, error, go };
}
