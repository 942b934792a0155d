import { useRef } from 'react';
import { useServices } from '../../app/services-context.tsx';
import type { Reading } from '../../data/reading.ts';
import { useNearView } from '../../ui/use-near-view.ts';
import { useObjectUrl } from '../../ui/use-object-url.ts';

/** A tile of fixed size, empty as long as there is no small picture. It is loaded when it comes into sight. */
export function Thumbnail({ reading }: { readonly reading: Pick<Reading, 'id'> }) {
  const tile = useRef<HTMLSpanElement>(null);
  const near = useNearView(tile);
  const url = useObjectUrl(useServices().readings.useThumbnail(reading.id, near), 'image/png');
  return (
    <span className="thumbnail" ref={tile}>
      {url !== undefined && <img src={url} alt="" decoding="async" />}
    </span>
  );
}
