import { useObservable, useServices } from '../../app/services-context.tsx';
import { focusTitle } from '../../ui/focus-title.ts';
import { Notice } from '../../ui/notice.tsx';
import { damageInWords, earlierInWords, lossInWords, type LossWords } from './damage-words.ts';

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
  if (noted?.lost !== undefined) return <LossNotice words={lossInWords(noted.lost)} />;
  return noted?.earlierAt === undefined ? null : <LossNotice words={earlierInWords(noted.earlierAt)} />;
}

function LossNotice({ words: { title, lines, isKnown } }: { readonly words: LossWords }) {
  const { ledger } = useServices();
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
