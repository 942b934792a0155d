import { Icon, type IconName } from '../../../ui/icon.tsx';
import { type MapProgress, progressInWords } from './map-words.ts';

interface MapVerdictProps {
  readonly progress: MapProgress;
  readonly onTryAgain: () => void;
  readonly onReadAgain: () => void;
}

/** It keeps its room while the verdict is still to come, so that nothing moves under the finger. */
export function MapVerdict({ progress, onTryAgain, onReadAgain }: MapVerdictProps) {
  const { is } = progress;
  const isDoubtful = is === 'judged' && !progress.words.holds;
  return (
    <div className={`map-verdict ${isDoubtful ? 'doubtful' : is}`}>
      <p role="status">
        <Icon name={iconOf(progress)} />
        <span>{progressInWords(progress)}</span>
      </p>
      {is === 'judged' && (
        <details>
          <summary>How it was checked</summary>
          <ul>
            {progress.words.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </details>
      )}
      {is === 'failed' && (
        <button className="button plain" type="button" onClick={onTryAgain}>
          Try again
        </button>
      )}
      {is === 'outdated' && (
        <button className="button plain" type="button" onClick={onReadAgain}>
          Read again
        </button>
      )}
    </div>
  );
}

function iconOf(progress: MapProgress): IconName {
  switch (progress.is) {
    case 'judged':
      return progress.words.holds ? 'ready' : 'doubt';
    case 'computing':
      return 'reading';
    case 'waiting':
      return 'waiting';
    case 'failed':
    case 'uncheckable':
    case 'outdated':
      return 'doubt';
  }
}
