import type { PictureInfo } from '../engine/picture-api.ts';
import { spacingInWords, valueInWords } from './measurements/measured-words.ts';
import { orientationInWords } from './orientation.ts';
import type { ViewerState } from './viewer-state.ts';

/** What is not as the file has it, as words for the stage: a mirrored chest has its heart on the wrong side. */
export function changesInWords({
  orientation,
  look,
}: Pick<ViewerState, 'orientation' | 'look'>): readonly string[] {
  return [...orientationInWords(orientation), ...(look.inverted ? ['Inverted'] : [])];
}

interface Described {
  readonly label: string;
  readonly synthetic: boolean;
  readonly info: PictureInfo;
  readonly state: ViewerState;
  /** Whether they are on it now. */
  readonly lungs: boolean;
  readonly heat: boolean;
  /** What was found, in words; empty where nothing is known. */
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
    frames > 1 ? `picture ${state.shownFrame + 1} of ${frames}` : '',
    changesInWords(state).join(', '),
    lungs ? 'the lungs are outlined' : '',
    heat ? 'a heat map lies on it' : '',
    found,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
