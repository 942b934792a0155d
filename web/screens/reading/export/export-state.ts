import type { Mask } from '../../../../shared/imaging/deidentify/deidentify-options.ts';
import type { ExportedFile } from '../../../engine/file-api.ts';

type ExportProgress =
  | { readonly is: 'asking' | 'writing' }
  | { readonly is: 'saved'; readonly file: ExportedFile }
  | { readonly is: 'failed'; readonly error: unknown };

interface ExportChoice {
  readonly longitudinal: boolean;
  readonly cleanDescriptors: boolean;
}

export interface ExportState extends ExportChoice {
  /** Pictures in the file. */
  readonly frames: number;
  /** Those that were on the screen, counted from 0. */
  readonly seen: readonly number[];
  readonly masks: readonly Mask[];
  /** What the masks would be had nobody changed them. */
  readonly proposals: readonly Mask[];
  /** The person says so of these masks, and of every picture. */
  readonly looked: boolean;
  readonly progress: ExportProgress;
}

export type ExportAction =
  | { readonly type: 'choose'; readonly choice: Partial<ExportChoice> }
  | { readonly type: 'masks'; readonly masks: readonly Mask[] }
  /** It is on the screen, and these places in it look like writing. */
  | { readonly type: 'seen'; readonly frame: number; readonly proposals: readonly Mask[] }
  | { readonly type: 'look'; readonly looked: boolean }
  | { readonly type: 'progress'; readonly progress: ExportProgress };

/** @param proposals of the first picture */
export function startExport(proposals: readonly Mask[], frames: number): ExportState {
  return {
    longitudinal: false,
    cleanDescriptors: false,
    frames,
    seen: [],
    masks: proposals,
    proposals,
    looked: false,
    progress: { is: 'asking' },
  };
}

export function nextExport(state: ExportState, action: ExportAction): ExportState {
  if (action.type === 'progress') return { ...state, progress: action.progress };
  // What is being written is what was agreed to.
  if (state.progress.is === 'writing') return state;
  switch (action.type) {
    case 'choose':
      return { ...askedAnew(state), ...action.choice };
    case 'masks':
      return action.masks === state.masks ? state : { ...askedAnew(state), masks: action.masks };
    case 'seen':
      return state.seen.includes(action.frame) ? state : withFrame(state, action.frame, action.proposals);
    case 'look':
      return { ...state, looked: action.looked && hasSeenAll(state) };
  }
}

/** What a person has said, and what was saved, was about something else. */
function askedAnew(state: ExportState): ExportState {
  return { ...state, looked: false, progress: { is: 'asking' } };
}

function withFrame(state: ExportState, frame: number, found: readonly Mask[]): ExportState {
  const seen = [...state.seen, frame];
  const isNew = (mask: Mask): boolean => !state.proposals.some((other) => covers(other, mask));
  const more = found.filter(isNew);
  if (more.length === 0) return { ...state, seen };
  return {
    ...askedAnew(state),
    seen,
    masks: [...state.masks, ...more],
    proposals: [...state.proposals, ...more],
  };
}

function covers(outer: Mask, inner: Mask): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

export function hasSeenAll({ seen, frames }: ExportState): boolean {
  return seen.length >= frames;
}

export function mayBeSaved(state: ExportState): boolean {
  return state.looked && hasSeenAll(state) && state.progress.is !== 'writing';
}

/** Closing now would throw away what a person has done. */
export function wouldBeLost({ masks, proposals, progress }: ExportState): boolean {
  const isTheSame = (a: Mask, b: Mask | undefined): boolean =>
    b !== undefined && covers(a, b) && covers(b, a);
  const unchanged =
    masks.length === proposals.length && masks.every((mask, index) => isTheSame(mask, proposals[index]));
  return progress.is !== 'saved' && !unchanged;
}
