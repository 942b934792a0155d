import { useOnline } from '../ui/use-online.ts';
import { useEngineState } from './services-context.tsx';

export function OfflineBar() {
  const online = useOnline();
  const { phase } = useEngineState();
  return (
    <div className="quiet-bar" role="status">
      {!online && (
        <p>
          {phase === 'ready'
            ? 'No network. Everything here goes on working.'
            : 'No network. What is still missing is fetched when there is one.'}
        </p>
      )}
    </div>
  );
}
