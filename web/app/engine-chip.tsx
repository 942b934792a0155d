import type { EngineState } from '../engine/engine-state.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { engineInFigures, engineInWords, isPageKept } from './engine-words.ts';
import { hrefOf } from './route.ts';
import { useEngineState, useObservable, useServices } from './services-context.tsx';

const icons = {
  starting: 'reading',
  fetching: 'reading',
  checking: 'reading',
  ready: 'ready',
  stopped: 'failed',
} as const satisfies Record<EngineState['phase'], IconName>;

/** Whether pictures can be read here and now. */
export function EngineChip() {
  const state = useEngineState();
  const pageKept = isPageKept(useObservable(useServices().updates));
  return (
    <div className="engine">
      <a className={`chip chip-${state.phase}`} href={hrefOf({ screen: 'device' })}>
        <Icon name={icons[state.phase]} />
        {engineInFigures(state, pageKept)}
      </a>
      <p className="hidden-text" role="status">
        {engineInWords(state, pageKept)}
      </p>
    </div>
  );
}
