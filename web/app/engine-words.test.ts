import { describe, expect, it } from 'vitest';
import type { EngineState, FetchProgress } from '../engine/engine-state.ts';
import { engineInFigures, engineInWords, isPageKept, progressInWords } from './engine-words.ts';

const progress: FetchProgress = { what: 'lung model', loadedBytes: 14_200_000, totalBytes: 19_400_000 };
const fetching: EngineState = { phase: 'fetching', progress, waitingForNetwork: false };

describe('the state of the engine in words', () => {
  it('says how far the fetching has come, but not aloud', () => {
    expect(engineInFigures(fetching, true).replace('\u00a0', ' ')).toBe('Getting ready… 73 %');
    expect(engineInWords(fetching, true)).toBe('Getting ready…');
    expect(progressInWords(progress)).toBe('14.2 MB of 19.4 MB');
  });

  it('promises to work without a network only when page and models are kept', () => {
    const ready = (keptOffline: boolean): EngineState => ({ phase: 'ready', models: [], keptOffline });
    expect(engineInWords(ready(true), true)).toBe('Ready · works without a network');
    expect(engineInWords(ready(false), true)).toBe('Ready, but not kept on this device');
    expect(engineInWords(ready(true), false)).toBe('Ready, but not kept on this device');
    expect(engineInWords(ready(true), isPageKept('none'))).toBe('Ready');
    expect(isPageKept('unavailable')).toBe(false);
    expect(isPageKept('update-waiting')).toBe(true);
  });

  it('does not divide by nothing', () => {
    const empty = { ...fetching, progress: { what: '', loadedBytes: 0, totalBytes: 0 } };
    expect(engineInFigures(empty, true)).toContain('0');
  });
});
