import { type Dispatch, useEffect, useRef, useState } from 'react';
import type { PictureInfo } from '../engine/picture-api.ts';
import type { OpenPicture } from '../engine/picture-client.ts';
import type { ViewerAction } from './viewer-state.ts';

interface ShownFrame {
  readonly info: PictureInfo;
  /** The one that is wanted cannot be shown. */
  readonly failed: boolean;
}

/** Keeps the picture at the frame that is wanted, one request at a time, and tells the state which one is shown. */
export function useShownFrame(
  picture: OpenPicture,
  wanted: number,
  dispatch: Dispatch<ViewerAction>,
): ShownFrame {
  const [of, setOf] = useState({ picture, info: picture.info });
  const [failedAt, setFailedAt] = useState<number>();
  const latest = useRef({ wanted, shown: 0, busy: false });

  useEffect(() => {
    latest.current = { wanted: latest.current.wanted, shown: 0, busy: false };
    setOf({ picture, info: picture.info });
    dispatch({ type: 'frame-shown', frame: 0 });
  }, [picture, dispatch]);

  useEffect(() => {
    const state = latest.current;
    state.wanted = wanted;
    const goOn = async (): Promise<void> => {
      state.busy = true;
      while (latest.current === state && state.wanted !== state.shown) {
        const frame = state.wanted;
        try {
          const info = await picture.toFrame(frame);
          if (latest.current !== state) return;
          state.shown = frame;
          setOf({ picture, info });
          setFailedAt(undefined);
          dispatch({ type: 'frame-shown', frame });
        } catch {
          if (latest.current !== state) return;
          if (state.wanted !== frame) continue;
          setFailedAt(frame);
          break;
        }
      }
      state.busy = false;
    };
    if (!state.busy) void goOn();
  }, [picture, wanted, dispatch]);

  return { info: of.picture === picture ? of.info : picture.info, failed: failedAt === wanted };
}
