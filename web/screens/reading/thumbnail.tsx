import { useEffect, useRef, useState } from 'react';
import { useServices } from '../../app/services-context.tsx';
import type { Reading } from '../../data/reading.ts';
import { useNearView } from '../../ui/use-near-view.ts';
import { useObjectUrl } from '../../ui/use-object-url.ts';
import { isFinished } from './reading-words.ts';

/** A picture is made small in its own time: it is asked for again, ever more rarely. */
const firstPauseMs = 400;
const longestPauseMs = 12_800;

function useThumbnail(id: string, finished: boolean, near: boolean): ArrayBuffer | undefined {
  const { readings } = useServices();
  const [png, setPng] = useState<ArrayBuffer>();
  const has = png !== undefined;
  useEffect(() => {
    if (!near || has) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current = true;
    const ask = async (pauseMs: number): Promise<void> => {
      const found = await readings.thumbnail(id).catch(() => undefined);
      if (!current) return;
      if (found !== undefined) setPng(found);
      // A finished one without a small picture may never get one.
      else if (!finished || pauseMs < longestPauseMs) {
        timer = setTimeout(() => void ask(Math.min(longestPauseMs, pauseMs * 2)), pauseMs);
      }
    };
    void ask(firstPauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [readings, id, finished, near, has]);
  return png;
}

/** A tile of fixed size, empty as long as there is no small picture. It is loaded when it comes into sight. */
export function Thumbnail({ reading }: { readonly reading: Pick<Reading, 'id' | 'state'> }) {
  const tile = useRef<HTMLSpanElement>(null);
  const near = useNearView(tile);
  const url = useObjectUrl(useThumbnail(reading.id, isFinished(reading.state), near), 'image/png');
  return (
    <span className="thumbnail" ref={tile}>
      {url !== undefined && <img src={url} alt="" decoding="async" />}
    </span>
  );
}
