import { useCallback, useEffect, useRef, useState } from 'react';
import { navigate } from '../../app/route.ts';
import { useServices } from '../../app/services-context.tsx';
import type { Reading } from '../../data/reading.ts';
import { problemText } from '../../engine/problem-text.ts';
import { countInWords } from '../../ui/words.ts';
import { addedInWords } from './add-words.ts';
import type { Found } from './dropped-files.ts';
import { openContainers } from './open-containers.ts';

export interface AddTrouble {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface AddFiles {
  /** Collects and adds. Never rejects: what went wrong ends up in `trouble`. */
  readonly add: (collect: () => Promise<Found>) => Promise<void>;
  readonly busy: boolean;
  /** How far it is, while it is busy. */
  readonly progress: string;
  /** One sentence about what was added, when it was not simply everything. */
  readonly note: string;
  readonly trouble: AddTrouble | undefined;
  readonly forgetTrouble: () => void;
}

/** Files on their way into the list. One that comes alone is opened as soon as it is there. */
export function useAddFiles(list: readonly Reading[] | undefined): AddFiles {
  const { readings, archives } = useServices();
  const [busy, setBusy] = useState(false);
  const [progress, setProgress] = useState('');
  const [note, setNote] = useState('');
  const [trouble, setTrouble] = useState<AddTrouble>();
  const openNext = useRef(false);
  const newest = list?.[0]?.id;

  useEffect(() => {
    if (!openNext.current || newest === undefined) return;
    openNext.current = false;
    navigate({ screen: 'readings', id: newest });
  }, [newest]);

  const add = useCallback(
    async (collect: () => Promise<Found>): Promise<void> => {
      setBusy(true);
      setProgress('Looking for pictures…');
      setNote('');
      setTrouble(undefined);
      try {
        const { files, leftOut, problems } = await openContainers(await collect(), archives);
        setTrouble(troubleOf(problems));
        openNext.current = files.length === 1;
        setProgress('Adding…');
        const tell = (count: number): void => {
          if (count % toldEvery === 0) setProgress(`Adding: ${count} of ${files.length}`);
        };
        const count = files.length > 0 ? await readings.add(files, tell) : { added: 0, failed: 0 };
        setNote(addedInWords({ ...count, leftOut }));
      } catch (error) {
        openNext.current = false;
        const { title, advice } = problemText(error);
        setTrouble({ title, lines: advice === undefined ? [] : [advice] });
      } finally {
        setBusy(false);
      }
    },
    [readings, archives],
  );
  const forgetTrouble = useCallback(() => setTrouble(undefined), []);
  return { add, busy, progress, note, trouble, forgetTrouble };
}

const linesShown = 5;
/** It is read aloud, too. */
const toldEvery = 25;

function troubleOf(problems: readonly string[]): AddTrouble | undefined {
  if (problems.length === 0) return undefined;
  const more = problems.length - linesShown;
  return {
    title: `${countInWords(problems.length, 'file', 'files')} could not be opened; everything else was added.`,
    lines: [...problems.slice(0, linesShown), ...(more > 0 ? [`… and ${more} more.`] : [])],
  };
}
