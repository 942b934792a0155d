import { useState } from 'react';
import type { HistoryLine } from '../../../engine/desk-api.ts';
import { signedWhen, signerInWords } from './review-words.ts';
import { useRecord } from './use-record.ts';

const deeds = {
  added: 'added the picture',
  named: 'wrote down the patient',
  read: 'had it read',
  signed: 'signed a reading',
  settled: 'settled the readings',
  deleted: 'deleted it',
} as const satisfies Record<HistoryLine['kind'], string>;

/** Who did what with this X-ray, and when; asked for when somebody wants to see it. */
export function RecordHistory({ id }: { readonly id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="history" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>History</summary>
      {isOpen && <HistoryLines id={id} />}
    </details>
  );
}

function HistoryLines({ id }: { readonly id: string }) {
  const lines = useRecord((records) => records.history(id));
  if (lines === undefined) return <p className="hint">Opening…</p>;
  return (
    <ol>
      {lines.map((line) => (
        <li key={line.h}>
          {signerInWords(line).replace('Another reader', 'Somebody else')} {deeds[line.kind]}
          {line.here ? '' : ' on another device'} · <span className="hint">{signedWhen(line)}</span>
        </li>
      ))}
    </ol>
  );
}
