import { useCallback, useEffect, useState } from 'react';
import { useServices } from '../../app/services-context.tsx';
import type { ProblemText } from '../../engine/engine-state.ts';
import type { OpenPicture } from '../../engine/picture-client.ts';
import { problemText } from '../../engine/problem-text.ts';

export type PictureState =
  | { readonly status: 'opening' }
  | { readonly status: 'open'; readonly picture: OpenPicture }
  /** There is no picture that could be shown. */
  | { readonly status: 'none'; readonly problem?: ProblemText };

const opening: PictureState = { status: 'opening' };
const none: PictureState = { status: 'none' };
const maxAttempts = 3;

/** The picture of a reading, open as long as it is wanted. `reopen`: it could not be shown any more. */
export function usePicture(id: string, wanted: boolean): { state: PictureState; reopen: () => void } {
  const { readings, pictures } = useServices();
  const [state, setState] = useState(opening);
  const [attempt, setAttempt] = useState(1);

  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    let opened: OpenPicture | undefined;
    const open = async (): Promise<void> => {
      const file = await readings.file(id);
      if (file === undefined || file.byteLength === 0) return setState(none);
      signal.throwIfAborted();
      const picture = await pictures.open(file, signal);
      if (signal.aborted) return picture.close();
      opened = picture;
      setState({ status: 'open', picture });
    };
    setState(opening);
    open().catch((error: unknown) => {
      if (!signal.aborted) setState({ status: 'none', problem: problemText(error) });
    });
    return () => {
      stop.abort();
      opened?.close();
    };
  }, [readings, pictures, id, wanted, attempt]);

  const reopen = useCallback(() => {
    if (attempt < maxAttempts) setAttempt(attempt + 1);
    else setState(none);
  }, [attempt]);
  return { state, reopen };
}
