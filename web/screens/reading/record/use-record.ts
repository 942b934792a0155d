import { useObservable, useServices } from '../../../app/services-context.tsx';
import type { RecordsClient } from '../../../engine/records-client.ts';
import { useAnswer } from '../../../ui/use-answer.ts';

/** Asked again whenever something of the records has changed. */
export function useRecord<Answer>(ask: (records: RecordsClient) => Promise<Answer>): Answer | undefined {
  const { records } = useServices();
  const change = useObservable(records.changes);
  return useAnswer(() => ask(records), change);
}
