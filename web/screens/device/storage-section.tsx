import { useState } from 'react';
import { useServices } from '../../app/services-context.tsx';
import { Facts } from '../../ui/facts.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { bytesInWords } from '../../ui/words.ts';

const unsaid = 'this browser does not say';
const bytesOrUnsaid = (bytes: number | undefined): string =>
  bytes === undefined ? unsaid : bytesInWords(bytes);

function promiseInWords(persisted: boolean | undefined): string {
  if (persisted === undefined) return unsaid;
  return persisted ? 'yes' : 'no: when room gets scarce, the browser may delete everything here';
}

export function StorageSection() {
  const { storage } = useServices();
  const [asked, setAsked] = useState<boolean>();
  const facts = useAnswer(() => storage.readStorageFacts(), asked);
  const ask = async (): Promise<void> => setAsked(await storage.askToPersist());
  const { usageBytes, quotaBytes, persisted } = facts ?? {};
  const room = quotaBytes === undefined ? undefined : Math.max(0, quotaBytes - (usageBytes ?? 0));
  return (
    <section className="card" aria-labelledby="storage-title">
      <h2 id="storage-title">Storage</h2>
      <Facts
        facts={[
          ['Used by Fieldray', bytesOrUnsaid(usageBytes)],
          ['Room left for it', bytesOrUnsaid(room)],
          ['Promised to be kept', promiseInWords(persisted)],
        ]}
      />
      {persisted !== true && (
        <button type="button" className="button" onClick={() => void ask()}>
          Ask the browser to keep it
        </button>
      )}
      <p role="status">
        {asked === true && 'The browser keeps it until you delete it.'}
        {asked === false &&
          'The browser did not promise it. Install Fieldray or add it to the favourites, then ask again.'}
      </p>
    </section>
  );
}
