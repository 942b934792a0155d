import type { Quality } from '../api/quality.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { intakeReason, type IntakeReason } from '../imaging/intake-reasons.ts';
import { judgeQuality } from '../imaging/quality/judge-quality.ts';
import type { LungMask } from './segment-lungs.ts';

/** The quality of a film as it stands in the analysis; `lungs` where they were found. */
export function filmQuality(image: GrayImage, lungs?: LungMask): Quality {
  const { total, parts } = judgeQuality(image, lungs && { grid: gridOf(lungs), box: lungs.box });
  return {
    ...(total && { total }),
    parts: parts.map((part) => ({ ...part, measured: { ...part.measured } })),
  };
}

function gridOf({ columns, rows, logits }: LungMask) {
  return { columns, rows, inside: Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0)) };
}

/** From this share of the chest on a warning is due. */
const clippedShare = 0.15;

/** What of a film's quality is bad enough to stand beside the number. */
export function qualityWarnings({ parts }: Quality): IntakeReason[] {
  const of = (name: Quality['parts'][number]['part']) => parts.find(({ part }) => part === name);
  const clipped = of('exposure')?.measured['clippedShare'] ?? 0;
  const contrast = of('contrast');
  return [
    ...(clipped >= clippedShare
      ? [intakeReason('image.partly-clipped', `${(clipped * 100).toFixed(0)} % of the chest`)]
      : []),
    ...(contrast?.word === 'poor'
      ? [intakeReason('image.low-contrast', `spread in the chest ${contrast.measured['spread']}`)]
      : []),
  ];
}
