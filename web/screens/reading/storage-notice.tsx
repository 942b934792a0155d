import { useObservable, useServices } from '../../app/services-context.tsx';
import { storageRoom } from '../../pwa/storage-reserve.ts';
import { Notice } from '../../ui/notice.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { roomWarning } from '../device/storage-words.ts';

/** That nothing is kept, or that room gets scarce. @param films how many there are: with each there is less room */
export function StorageNotice({ films }: { readonly films: number | undefined }) {
  const { readings, storage } = useServices();
  const problem = useObservable(readings.storageProblem);
  const facts = useAnswer(() => storage.readStorageFacts(), films);
  if (problem === undefined) {
    const warning = roomWarning(facts && storageRoom(facts));
    return (
      warning && (
        <Notice kind={warning.kind} title={warning.title}>
          <p>{warning.next}</p>
        </Notice>
      )
    );
  }
  return (
    <Notice kind="warning" title={problem.title} alert>
      <p>Results are shown, but they are lost when this page is closed.</p>
      {problem.advice !== undefined && <p>{problem.advice}</p>}
    </Notice>
  );
}
