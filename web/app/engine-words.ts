import type { EngineState, FetchProgress } from '../engine/engine-state.ts';
import type { AppUpdateState } from '../pwa/app-updates.ts';
import { bytesInWords, percent } from '../ui/words.ts';

export function shareOf({ loadedBytes, totalBytes }: FetchProgress): number {
  return totalBytes === 0 ? 0 : Math.min(1, loadedBytes / totalBytes);
}

/** "14.2 MB of 19.4 MB". */
export function progressInWords({ loadedBytes, totalBytes }: FetchProgress): string {
  return `${bytesInWords(loadedBytes)} of ${bytesInWords(totalBytes)}`;
}

/**
 * For the masthead, and to be said aloud when it changes.
 * @param pageKept whether the page itself opens without a network; undefined: not yet known
 */
export function engineInWords(state: EngineState, pageKept: boolean | undefined): string {
  switch (state.phase) {
    case 'starting':
    case 'checking':
      return 'Getting ready…';
    case 'fetching':
      return state.waitingForNetwork ? 'Waiting for the network' : 'Getting ready…';
    case 'ready':
      if (!state.keptOffline || pageKept === false) return 'Ready, but not kept on this device';
      return pageKept === true ? 'Ready · works without a network' : 'Ready';
    case 'stopped':
      return 'Cannot read';
  }
}

/** The same with how far it has come, which would be too much to be said aloud. */
export function engineInFigures(state: EngineState, pageKept: boolean | undefined): string {
  const words = engineInWords(state, pageKept);
  return state.phase === 'fetching' ? `${words} ${percent(shareOf(state.progress))}` : words;
}

/** Undefined as long as it is not known. */
export function isPageKept(state: AppUpdateState): boolean | undefined {
  return state === 'none' ? undefined : state !== 'unavailable';
}
