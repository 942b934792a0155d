import { intakeReason, type IntakeReason, type Turn, turnedReason } from '../imaging/intake-reasons.ts';
import { shareText } from '../kernel/share-text.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { SegmentationManifest } from '../model/manifest.ts';
import type { StandardisedPicture } from './baseline.ts';
import { finiteOutput } from './finite-output.ts';
import { tensorOf } from './prepare.ts';

type ViewClass = SegmentationManifest['view']['classes'][number];

/** The likeliest reading of the view, `frontal` as soon as it reaches the manifest's probability. */
export function likeliestView(
  logits: Float32Array,
  { view }: SegmentationManifest,
): { readonly name: ViewClass; readonly share: number } {
  const shares = view.classes.map((name, index) => ({ name, share: softmaxShare(logits, index) }));
  const [frontal, ...others] = shares;
  if (frontal?.name !== 'frontal') throw new TypeError('the first view class must be frontal');
  if (frontal.share >= view.minFrontalProbability) return frontal;
  return others.reduce((best, other) => (other.share > best.share ? other : best));
}

function softmaxShare(logits: Float32Array, index: number): number {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - logits[index]!), 0);
  return 1 / sum;
}

/** A changed copy must look like a frontal film beyond doubt before it may explain what is wrong with the picture. */
const sureFrontal = 0.9;

/**
 * Why a picture that is not frontal is refused. Copies that are turned, inverted, or both are shown to the network, and the
 * one that looks most like a frontal film tells what was done to the picture. A mirrored film looks frontal as it is.
 */
export async function explainMisfit(
  picture: StandardisedPicture,
  model: LoadedModel<SegmentationManifest>,
  seen: { readonly name: ViewClass; readonly share: number },
): Promise<IntakeReason> {
  const changed = await mostFrontal(picture, model);
  if (changed === undefined) {
    const code = {
      frontal: 'image.not-a-chest',
      inverted: 'image.inverted',
      rotated: 'image.rotated',
      'not-a-chest': 'image.not-a-chest',
    } as const;
    return intakeReason(code[seen.name], `${seen.name} ${shareText(seen.share)}`);
  }
  const { turn, inverted, share } = changed;
  const detail = `frontal ${shareText(share)} when ${inverted ? 'inverted' : ''}${inverted && turn ? ' and ' : ''}${turn ? 'turned back' : ''}`;
  if (turn === undefined) return intakeReason('image.inverted', detail);
  return turnedReason(turn, inverted, detail);
}

interface ChangedCopy {
  /** How the picture itself is turned; undefined: upright. */
  readonly turn?: Turn;
  readonly inverted: boolean;
}

const copies: readonly ChangedCopy[] = [
  { inverted: true },
  { turn: 'left', inverted: false },
  { turn: 'right', inverted: false },
  { turn: 'upside-down', inverted: false },
  { turn: 'left', inverted: true },
  { turn: 'right', inverted: true },
  { turn: 'upside-down', inverted: true },
];

async function mostFrontal(
  picture: StandardisedPicture,
  model: LoadedModel<SegmentationManifest>,
): Promise<(ChangedCopy & { readonly share: number }) | undefined> {
  // On a square grid turning the squashed picture is squashing the turned one.
  if (picture.columns !== picture.rows) return undefined;
  const { outputs, view } = model.manifest;
  let best: (ChangedCopy & { readonly share: number }) | undefined;
  for (const copy of copies) {
    const upright = turnedBack(picture.values, picture.columns, copy.turn);
    const values = copy.inverted ? upright.map((value) => -value) : upright;
    const computed = await model.session.run(tensorOf({ ...picture, values }));
    const share = softmaxShare(finiteOutput(computed, outputs.view, [1, view.classes.length]), 0);
    if (share >= sureFrontal && share > (best?.share ?? 0)) best = { ...copy, share };
  }
  return best;
}

/** The square picture as it was before somebody turned it so. */
function turnedBack(values: Float32Array, side: number, turn: Turn | undefined): Float32Array {
  if (turn === undefined) return values;
  if (turn === 'upside-down') return values.toReversed();
  return values.map((_, index) => {
    const x = index % side;
    const y = (index - x) / side;
    // A quarter to the left took the top to the left side, and the right side to the top.
    return turn === 'left' ? values[(side - 1 - x) * side + y]! : values[x * side + side - 1 - y]!;
  });
}
