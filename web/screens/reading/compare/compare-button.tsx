import { useEffect, useRef, useState } from 'react';
import { hrefOf } from '../../../app/route.ts';
import type { Reading } from '../../../data/reading.ts';
import { stateInWords } from '../reading-words.ts';
import { Thumbnail } from '../thumbnail.tsx';

interface CompareButtonProps {
  readonly id: string;
  readonly list: readonly Reading[];
}

/** Chooses another picture to stand beside this one. Nothing where there is no other. */
export function CompareButton({ id, list }: CompareButtonProps) {
  const [choosing, setChoosing] = useState(false);
  const others = list.filter((reading) => reading.id !== id);
  if (others.length === 0) return null;
  return (
    <>
      <button type="button" className="button" onClick={() => setChoosing(true)}>
        Compare with…
      </button>
      {choosing && <ChoosePartner id={id} others={others} onClose={() => setChoosing(false)} />}
    </>
  );
}

interface ChoosePartnerProps {
  readonly id: string;
  readonly others: readonly Reading[];
  readonly onClose: () => void;
}

function ChoosePartner({ id, others, onClose }: ChoosePartnerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="confirm compare-choice" aria-labelledby="compare-title" onClose={onClose}>
      <h3 id="compare-title">Compare with</h3>
      <ul>
        {others.map((reading) => (
          <li key={reading.id}>
            <a href={hrefOf({ screen: 'readings', id, beside: reading.id })}>
              <Thumbnail reading={reading} />
              <span>
                <span className="row-name">{reading.fileName}</span>
                <span>{stateInWords(reading)}</span>
                <span className="hint">added {new Date(reading.addedAt).toLocaleString()}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <div className="actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
