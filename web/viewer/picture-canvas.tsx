import { useEffect, useEffectEvent, useRef } from 'react';
import type { OpenPicture } from '../engine/picture-client.ts';
import { type Look, type WindowFacts, windowOf } from './display-window.ts';

export interface PictureCanvasProps {
  readonly picture: OpenPicture;
  readonly look: Look;
  readonly facts: WindowFacts;
  readonly label: string;
  /** The picture is on its canvas, which is empty until then. */
  readonly onDrawn: (picture: OpenPicture) => void;
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** The picture itself, drawn by its worker. */
export function PictureCanvas({ picture, look, facts, label, onDrawn, onFailure }: PictureCanvasProps) {
  const holder = useRef<HTMLDivElement>(null);
  const failed = useRef<OpenPicture>(undefined);
  const fail = useEffectEvent((error: unknown) => {
    if (failed.current === picture) return;
    failed.current = picture;
    onFailure?.(error);
  });

  const drawn = useEffectEvent(onDrawn);

  useEffect(() => {
    // Not React's own element: a canvas can be handed to a worker once only, so each picture needs a new one.
    const canvas = document.createElement('canvas');
    holder.current!.append(canvas);
    picture.drawOn(canvas).then(
      () => canvas.isConnected && drawn(picture),
      (error: unknown) => {
        if (canvas.isConnected) fail(error);
      },
    );
    return () => canvas.remove();
  }, [picture]);

  useEffect(() => {
    let current = true;
    picture.show(windowOf(look, facts)).catch((error: unknown) => {
      if (current) fail(error);
    });
    return () => {
      current = false;
    };
  }, [picture, look, facts]);

  return <div ref={holder} className="viewer-picture" role="img" aria-label={label} />;
}
