import type { AnalysisFinding } from '../../../../shared/api/analysis.ts';
import type { ReadingReviews, SignedReading } from '../../../engine/desk-api.ts';
import { answers, disputed, signedWhen, signerInWords } from './review-words.ts';

interface SignedReadingsProps {
  readonly reviews: ReadingReviews;
  readonly findings: readonly AnalysisFinding[];
}

/** The readings that stand, beside each other where there are several; those that were replaced lie folded behind them. */
export function SignedReadings({ reviews, findings }: SignedReadingsProps) {
  const names = new Map(findings.map(({ code, name }) => [code, name]));
  const differing = disputed(reviews);
  const standing = reviews.signed.filter(({ stands }) => stands);
  const earlier = reviews.signed.filter(({ stands }) => !stands);
  const card = (signed: SignedReading) => (
    <SignedCard key={signed.h} signed={signed} names={names} disputed={differing} />
  );
  return (
    <>
      <div className="signed-readings">{standing.map(card)}</div>
      {earlier.length > 0 && (
        <details>
          <summary>Earlier readings ({earlier.length})</summary>
          <div className="signed-readings">{earlier.map(card)}</div>
        </details>
      )}
    </>
  );
}

interface SignedCardProps {
  readonly signed: SignedReading;
  readonly names: ReadonlyMap<string, string>;
  readonly disputed: ReadonlySet<string>;
}

function SignedCard({ signed, names, disputed: differing }: SignedCardProps) {
  const { findings, note, adjudicates, stands } = signed;
  return (
    <article className="signed-reading">
      <p className="signed-by">
        <strong>{signerInWords(signed)}</strong> {adjudicates && '· settled it '}
        <span className="hint">{signedWhen(signed)}</span>
      </p>
      {findings === undefined ? (
        <p className="hint">What it says is not on this device.</p>
      ) : (
        <ul>
          {findings.map(({ code, present }) => (
            <li key={code} className={stands && differing.has(code) ? 'disputed' : undefined}>
              {names.get(code) ?? code}: <strong>{answers[present]}</strong>
              {stands && differing.has(code) && <span className="dispute"> — they disagree</span>}
            </li>
          ))}
        </ul>
      )}
      {note !== undefined && note !== '' && <p className="signed-note">{note}</p>}
    </article>
  );
}
