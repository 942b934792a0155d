import { useRef } from 'react';
import { useServices } from '../../app/services-context.tsx';
import type { Reading } from '../../data/reading.ts';
import { useNearView } from '../../ui/use-near-view.ts';
import { useObjectUrl } from '../../ui/use-object-url.ts';

/**
 * A tile of fixed size, empty as long as there is no small picture. It is loaded when it comes into sight: every tile that
 * watches the store weighs each change of it, which for hundreds of tiles keeps the page busy while a folder comes in.
 */
export function Thumbnail({ reading }: { readonly reading: Pick<Reading, 'id'> }) {
  const tile = useRef<HTMLSpanElement>(null);
  const near = useNearView(tile);
  return (
    <span className="thumbnail" ref={tile}>
      {near && <SmallPicture id={reading.id} />}
    </span>
  );
}

function SmallPicture({ id }: Pick<Reading, 'id'>) {
  const url = useObjectUrl(useServices().readings.useThumbnail(id), 'image/png');
  return url !== undefined && <img src={url} alt="" decoding="async" />;
}
