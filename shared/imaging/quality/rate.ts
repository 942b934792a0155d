export type QualityWord = 'good' | 'fair' | 'poor';

/** From these scores on a part is good, or fair. */
const goodFrom = 70;
const fairFrom = 40;

export function qualityWord(score: number): QualityWord {
  if (score >= goodFrom) return 'good';
  return score >= fairFrom ? 'fair' : 'poor';
}

/** The measured values that score 0, 40, 70 and 100, in one direction; beyond the ends the score stays. */
export type Anchors = readonly [zero: number, fair: number, good: number, full: number];

const scores = [0, fairFrom, goodFrom, 100] as const;

/** A whole score from 0 to 100, straight lines between the anchors. */
export function rate(value: number, anchors: Anchors): number {
  const sign = anchors[3] >= anchors[0] ? 1 : -1;
  const at = (index: number): number => sign * anchors[index]!;
  const place = sign * value;
  if (!(place > at(0))) return 0;
  for (let index = 1; index < anchors.length; index += 1) {
    if (place >= at(index)) continue;
    const share = (place - at(index - 1)) / (at(index) - at(index - 1));
    return Math.round(scores[index - 1]! + share * (scores[index]! - scores[index - 1]!));
  }
  return 100;
}
