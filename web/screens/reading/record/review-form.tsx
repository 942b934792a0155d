import { type SyntheticEvent, useId, useState } from 'react';
import type { AnalysisFinding } from '../../../../shared/api/analysis.ts';
import { useServices } from '../../../app/services-context.tsx';
import type { ReadFinding, ReadingReviews } from '../../../engine/desk-api.ts';
import type { ProblemText } from '../../../engine/engine-state.ts';
import { problemText } from '../../../engine/problem-text.ts';
import { Notice } from '../../../ui/notice.tsx';
import { type ReviewDraft, readDraft, reviewOf } from './review-draft.ts';
import { answers } from './review-words.ts';
import { useDraft } from './use-draft.ts';

interface ReviewFormProps {
  readonly id: string;
  readonly findings: readonly AnalysisFinding[];
  readonly reviews: ReadingReviews;
}

const empty: ReviewDraft = { present: {}, note: '' };
const mostNote = 10_000;

/** What a doctor says of each finding, a note, and the signature. Nothing is answered beforehand. */
export function ReviewForm({ id, findings, reviews }: ReviewFormProps) {
  const { records } = useServices();
  const { held, change, clear } = useDraft(`review ${id}`, empty, readDraft);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<ProblemText>();
  const noteId = useId();
  if (held === undefined) return null;
  const settles = reviews.state === 'discordant';
  const review = reviewOf(held, findings, settles);

  const sign = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    if (review === undefined) return setSaid('Please answer for each finding first.');
    setBusy(true);
    setProblem(undefined);
    setSaid('');
    try {
      await records.signReview(id, review);
      clear();
      setSaid('Signed. It is kept here and goes to the hub by itself.');
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="review-form" autoComplete="off" onSubmit={(event) => void sign(event)}>
      {findings.map(({ code, name }) => (
        <FindingAnswer
          key={code}
          name={name}
          given={held.present[code]}
          onGive={(present) => change({ ...held, present: { ...held.present, [code]: present } })}
        />
      ))}
      <label htmlFor={noteId}>Note</label>
      <textarea
        id={noteId}
        rows={3}
        maxLength={mostNote}
        value={held.note}
        onChange={({ target }) => change({ ...held, note: target.value })}
      />
      {problem !== undefined && (
        <Notice kind="warning" title={problem.title} alert>
          {problem.advice !== undefined && <p>{problem.advice}</p>}
        </Notice>
      )}
      <div className="actions">
        <button type="submit" className="button primary" disabled={isBusy}>
          {isBusy ? 'Signing…' : settles ? 'Sign and settle' : 'Sign this reading'}
        </button>
        <span role="status">{said}</span>
      </div>
    </form>
  );
}

interface FindingAnswerProps {
  readonly name: string;
  readonly given: ReadFinding['present'] | undefined;
  readonly onGive: (present: ReadFinding['present']) => void;
}

function FindingAnswer({ name, given, onGive }: FindingAnswerProps) {
  const group = useId();
  return (
    <fieldset className="answer">
      <legend>{name}</legend>
      {(Object.keys(answers) as ReadFinding['present'][]).map((present) => (
        <label key={present}>
          <input
            type="radio"
            name={group}
            value={present}
            checked={given === present}
            onChange={() => onGive(present)}
          />
          {answers[present]}
        </label>
      ))}
    </fieldset>
  );
}
