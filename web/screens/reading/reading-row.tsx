import { memo } from 'react';
import { hrefOf } from '../../app/route.ts';
import type { Reading } from '../../data/reading.ts';
import { Icon } from '../../ui/icon.tsx';
import { patientInShort } from '../../ui/patient-words.ts';
import { iconOf, stateInWords } from './reading-words.ts';
import { Thumbnail } from './thumbnail.tsx';

interface ReadingRowProps {
  readonly reading: Reading;
  readonly current: boolean;
}

/** A live query hands out new objects each time; only what the row shows counts. */
function showsTheSame(before: ReadingRowProps, after: ReadingRowProps): boolean {
  return (
    before.current === after.current &&
    before.reading.id === after.reading.id &&
    before.reading.state === after.reading.state &&
    before.reading.problem === after.reading.problem &&
    JSON.stringify(before.reading.record) === JSON.stringify(after.reading.record)
  );
}

const reviewInShort = {
  read: 'Signed',
  discordant: 'Readers disagree',
  adjudicated: 'Settled',
} as const;

export const ReadingRow = memo(function ReadingRow({ reading, current }: ReadingRowProps) {
  const { id, fileName, state, record } = reading;
  const icon = iconOf(reading);
  return (
    <li className={`row row-${icon}`}>
      <a href={hrefOf({ screen: 'readings', id })} aria-current={current ? 'true' : undefined}>
        <Thumbnail reading={reading} />
        <span className="row-text">
          <span className="row-name">{patientInShort(record?.patients) ?? fileName}</span>
          <span className="row-state">
            <Icon name={icon} />
            <span>{stateInWords(reading)}</span>
          </span>
          {record !== undefined && record.review !== 'none' && (
            <span className={`row-review ${record.review}`}>{reviewInShort[record.review]}</span>
          )}
          {state === 'reading' && <progress aria-hidden="true" />}
        </span>
      </a>
    </li>
  );
}, showsTheSame);
