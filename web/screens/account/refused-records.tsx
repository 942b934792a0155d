import { errorEntry, isErrorCode } from '../../../shared/kernel/errors.ts';
import { useObservable, useServices } from '../../app/services-context.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { momentInWords } from '../../ui/words.ts';

const kinds: Readonly<Record<string, string>> = {
  'image.added': 'a picture',
  'result.added': 'a result',
  'review.added': 'a signed reading',
  'review.adjudicated': 'a settled reading',
  'entity.tombstoned': 'a deletion',
};

/** What the hub will not take, and why; it stays on this device. */
export function RefusedRecords() {
  const { records } = useServices();
  const change = useObservable(records.changes);
  const refused = useAnswer(() => records.refused(), change) ?? [];
  return (
    <details>
      <summary>What the hub refused, and why</summary>
      <ul>
        {refused.map(({ h, kind, at, code }) => (
          <li key={h}>
            {kinds[kind] ?? kind}, {momentInWords(at)}: {isErrorCode(code) ? errorEntry(code).title : code}{' '}
            <code>{h.slice(0, 8)}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
