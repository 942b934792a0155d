import type { PictureInfo } from '../engine/picture-api.ts';
import { spacingInWords, valueInWords } from './measurements/measured-words.ts';
import { isAsInFile } from './look-words.ts';
import { orientationInWords } from './orientation.ts';
import type { ViewerState } from './viewer-state.ts';

/** What is not as the file has it, as words for the stage: a mirrored chest has its heart on the wrong side. */
export function changesInWords({
  orientation,
  look,
}: Pick<ViewerState, 'orientation' | 'look'>): readonly string[] {
  return [
    ...orientationInWords(orientation),
    ...(look.inverted ? ['Inverted'] : []),
    ...(isAsInFile(look) ? [] : ['Grey scale changed']),
  ];
}

/** Which one of several in a file is seen. Only the first has been read. */
export function placeInWords({ shownFrame }: Pick<ViewerState, 'shownFrame'>, frames: number): string {
  if (frames === 1) return '';
  return `Picture ${shownFrame + 1} of ${frames}${shownFrame === 0 ? '' : ' · not read'}`;
}

interface Described {
  readonly label: string;
  readonly synthetic: boolean;
  readonly info: PictureInfo;
  readonly state: ViewerState;
  /** Whether they are on it now. */
  readonly lungs: boolean;
  readonly heat: boolean;
  /** What was found in the first one, in words; empty where nothing is known. */
  readonly found: string;
}

/** The picture for those who do not see it: what it is, how it is shown and what lies on it. */
export function pictureInWords({ label, synthetic, info, state, lungs, heat, found }: Described): string {
  const { width, height, frames, spacing } = info;
  const parts = [
    `${synthetic ? 'Synthetic picture: ' : ''}${label}, ${width} × ${height} pixels`,
    spacing === undefined
      ? ''
      : `a pixel is ${valueInWords(spacing.columnMm)} by ${valueInWords(spacing.rowMm)} mm. ${spacingInWords(spacing)}`,
    placeInWords(state, frames),
    changesInWords(state).join(', '),
    lungs ? 'the lungs are outlined' : '',
    heat ? 'a heat map lies on it' : '',
    // It was found in the first one.
    state.shownFrame === 0 ? found : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
