import { useState } from 'react';
import { useServices } from '../../app/services-context.tsx';
import { storageRoom } from '../../pwa/storage-reserve.ts';
import { Facts } from '../../ui/facts.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { bytesOrUnsaid, filmsInWords, keepAdvice, promiseInWords, roomWarning } from './storage-words.ts';

export function StorageSection() {
  const { storage, readings } = useServices();
  const [asked, setAsked] = useState<boolean>();
  const list = readings.useList();
  const facts = useAnswer(() => storage.readStorageFacts(), `${asked} ${list?.length}`);
  const ask = async (): Promise<void> => setAsked(await storage.askToPersist());
  const { usageBytes, quotaBytes, persisted } = facts ?? {};
  const room =
    facts &&
    storageRoom(
      facts,
      list?.map(({ bytes }) => bytes),
    );
  const warning = roomWarning(room);
  const films = filmsInWords(room);
  const advice = facts && keepAdvice(navigator.userAgent, facts);
  return (
    <section className="card" aria-labelledby="storage-title">
      <h2 id="storage-title">Storage</h2>
      {warning !== undefined && (
        <Notice kind={warning.kind} title={warning.title}>
          <p>{warning.next}</p>
        </Notice>
      )}
      <Facts
        facts={[
          ['Used by Fieldray', bytesOrUnsaid(usageBytes)],
          ['The browser allows', bytesOrUnsaid(quotaBytes)],
          ['Room left for it', bytesOrUnsaid(room?.freeBytes)],
          ...(films === undefined ? [] : ([['More X\u2011rays that fit', films]] as const)),
          ['Promised to be kept', promiseInWords(persisted)],
        ]}
      />
      {advice !== undefined && <p className="hint">{advice}</p>}
      {persisted !== true && (
        <button type="button" className="button" onClick={() => void ask()}>
          Ask the browser to keep it
        </button>
      )}
      <p role="status">
        {asked === true && 'The browser keeps it until you delete it.'}
        {asked === false && 'The browser did not promise it.'}
      </p>
    </section>
  );
}
