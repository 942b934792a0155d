import { useState } from 'react';
import type { StoreCounts } from '../../../shared/log/device-store.ts';
import { useServices } from '../../app/services-context.tsx';
import type { SyncNote } from '../../engine/records-api.ts';
import { Facts } from '../../ui/facts.tsx';
import { Notice } from '../../ui/notice.tsx';
import { momentInWords } from '../../ui/words.ts';
import { RefusedRecords } from './refused-records.tsx';
import { onlyHereInWords, syncInWords } from './sync-words.ts';

interface SyncSectionProps {
  readonly sync: SyncNote;
  readonly counts: StoreCounts;
  readonly files: number;
  readonly broken: boolean;
}

/** What is only here, what went, what did not and why, and when the hub was last heard. */
export function SyncSection({ sync, counts, files, broken }: SyncSectionProps) {
  const { records } = useServices();
  const [isAsking, setAsking] = useState(false);
  const only = { records: counts.outbox, pictures: files };
  const words = syncInWords(sync, only, broken);
  const syncNow = async (): Promise<void> => {
    setAsking(true);
    try {
      await records.syncNow();
    } catch {
      // What was wrong stands in the note.
    } finally {
      setAsking(false);
    }
  };
  return (
    <section className="card" aria-labelledby="sync-title">
      <h2 id="sync-title">Sync</h2>
      <div role="status">
        <Notice kind={words.kind === 'stopped' ? 'warning' : 'quiet'} title={words.title}>
          <p>{onlyHereInWords(only)}</p>
          {words.next !== undefined && <p>{words.next}</p>}
        </Notice>
      </div>
      <Facts
        facts={[
          ['Records on this device', counts.entries.toLocaleString('en')],
          ['Not at the hub yet', counts.outbox.toLocaleString('en')],
          ['Pictures not at the hub yet', files < 1000 ? String(files) : '1,000 or more'],
          ...(counts.aside > 0
            ? ([['Refused by the hub, kept here', counts.aside.toLocaleString('en')]] as const)
            : []),
          ['Last tried', sync.state === 'resting' ? 'not since it was unlocked' : momentInWords(sync.at)],
        ]}
      />
      {counts.aside > 0 && <RefusedRecords />}
      <button type="button" className="button" disabled={isAsking} onClick={() => void syncNow()}>
        {isAsking ? 'Asking the hub…' : 'Sync now'}
      </button>
    </section>
  );
}
