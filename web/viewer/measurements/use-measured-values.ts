import { useEffect, useState } from 'react';
import type { OpenPicture } from '../../engine/picture-client.ts';
import type { MeasuredValues } from './measured-words.ts';
import { type Measurement, regionOf } from './measurement.ts';

/** While something is dragged, only where it rests is measured. */
const pauseMs = 40;

type Asked = Pick<Measurement, 'kind' | 'points' | 'frame'>;

function keyOf({ kind, points, frame }: Asked): string {
  return `${kind} ${frame} ${points.map(({ x, y }) => `${x},${y}`).join(' ')}`;
}

function needsValues({ kind, points }: Asked): boolean {
  return kind === 'probe' ? points.length > 0 : kind === 'rectangle' && points.length > 1;
}

async function valuesOf(picture: OpenPicture, { kind, points, frame }: Asked): Promise<MeasuredValues> {
  const region = regionOf(points);
  const found =
    kind === 'probe' ? picture.valueAt(region.left, region.top, frame) : picture.measure(region, frame);
  return (await found) ?? 'none';
}

/**
 * What the worker says of the pixels of each: undefined until it has said it of just this place, so that no number ever
 * stands beside another place.
 * @param frame the one that is shown; others cannot be asked about, and what was said of them is kept
 */
export function useMeasuredValues(
  picture: OpenPicture,
  frame: number,
  asked: readonly Asked[],
): (of: Asked) => MeasuredValues {
  const [known, setKnown] = useState<ReadonlyMap<string, MeasuredValues>>(new Map());
  const missing = asked.filter(
    (each) => each.frame === frame && needsValues(each) && !known.has(keyOf(each)),
  );
  const wanted = missing.map(keyOf).join('; ');

  useEffect(() => {
    if (wanted === '') return undefined;
    let current = true;
    const ask = async (): Promise<void> => {
      const found = await Promise.all(
        missing.map(async (each) => [keyOf(each), await valuesOf(picture, each)] as const),
      );
      if (!current) return;
      // What is not asked about any more is forgotten with the next answer.
      const still = new Set(asked.map(keyOf));
      setKnown((before) => new Map([...[...before].filter(([key]) => still.has(key)), ...found]));
    };
    const timer = setTimeout(() => {
      // A worker that has died is opened again by the canvas, and one at another frame says so soon: asked again then.
      ask().catch(() => undefined);
    }, pauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `wanted` says what is missing
  }, [picture, wanted]);

  return (of) => known.get(keyOf(of));
}
