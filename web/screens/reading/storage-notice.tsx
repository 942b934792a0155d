import { useObservable, useServices } from '../../app/services-context.tsx';
import { Notice } from '../../ui/notice.tsx';

export function StorageNotice() {
  const problem = useObservable(useServices().readings.storageProblem);
  if (problem === undefined) return null;
  return (
    <Notice kind="warning" title={problem.title} alert>
      <p>Results are shown, but they are lost when this page is closed.</p>
      {problem.advice !== undefined && <p>{problem.advice}</p>}
    </Notice>
  );
}
