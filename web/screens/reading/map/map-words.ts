import type { JudgementWords } from '../../../../shared/inference/explanation-words.ts';

/** How it stands with the map that is shown, or that is to be shown. */
export type MapProgress =
  | { readonly is: 'judged'; readonly words: JudgementWords }
  /** Being computed; `hasMap`: it is shown already, and checked now. */
  | { readonly is: 'computing'; readonly hasMap: boolean }
  | { readonly is: 'waiting'; readonly hasMap: boolean; readonly isEngineReady: boolean }
  | { readonly is: 'failed'; readonly hasMap: boolean; readonly why: string }
  /** A map of an earlier version, which nothing here can check. */
  | { readonly is: 'uncheckable' }
  /** The result is of other weights than those on this device. */
  | { readonly is: 'outdated'; readonly hasMap: boolean };

/** One sentence, or two, on whether the map may be relied on, and if that is not known, why. */
export function progressInWords(progress: MapProgress): string {
  switch (progress.is) {
    case 'judged':
      return progress.words.verdict;
    case 'computing':
      return progress.hasMap
        ? 'This map is being checked…'
        : 'Computing this map… On a slow device this can take a minute or more.';
    case 'waiting':
      if (!progress.hasMap) return 'This map is computed as soon as this device is ready.';
      return progress.isEngineReady
        ? 'Not checked yet: that is done when no picture waits to be read.'
        : 'Not checked yet: that is done when this device is ready.';
    case 'failed':
      return `${progress.hasMap ? 'This map could not be checked' : 'This device cannot compute this map'}: ${progress.why}`;
    case 'uncheckable':
      return 'Not checked: this map was computed by an earlier version of Fieldray.';
    case 'outdated':
      return `${progress.hasMap ? 'Not checked' : 'Not computed'}: this result comes from another version of the model. Read the picture again.`;
  }
}
