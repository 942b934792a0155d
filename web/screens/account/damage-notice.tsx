import type { Ledger } from '../../../shared/log/ledger.ts';
import { useObservable, useServices } from '../../app/services-context.tsx';
import { focusTitle } from '../../ui/focus-title.ts';
import { Notice } from '../../ui/notice.tsx';
import { damageInWords, lossInWords } from './damage-words.ts';

/** What is wrong with the records of this device and what comes next; then what was lost, until somebody has read it. */
export function DamageNotice() {
  const { records, ledger } = useServices();
  const status = useObservable(records.status);
  const noted = useObservable(ledger.ledger);
  const words = status && damageInWords(status, noted);
  if (words !== undefined) {
    return (
      <Notice kind="refused" title={words.title} alert>
        <p>{words.safe}</p>
        <p>
          <strong>{words.loss}</strong>
        </p>
        <p>{words.next}</p>
        {status?.vault === 'open' && (
          <button type="button" className="button" onClick={() => void records.lock()}>
            Lock this device now
          </button>
        )}
      </Notice>
    );
  }
  return noted?.lost === undefined ? null : <LossNotice lost={noted.lost} />;
}

function LossNotice({ lost }: { readonly lost: NonNullable<Ledger['lost']> }) {
  const { ledger } = useServices();
  const { title, lines, isKnown } = lossInWords(lost);
  const confirm = async (): Promise<void> => {
    await ledger.confirmLoss();
    focusTitle();
  };
  return (
    <Notice kind={isKnown ? 'warning' : 'quiet'} title={title} alert>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {isKnown && (
        <button type="button" className="button" onClick={() => void confirm()}>
          I have read this
        </button>
      )}
    </Notice>
  );
}
