import type { Anchors } from './rate.ts';

export type QualityPart = 'exposure' | 'contrast' | 'sharpness' | 'coverage' | 'rotation';

/** One thing that is measured, what its values are worth, and what is said when it is the worst of its part. */
export interface QualityRule {
  readonly measure: string;
  readonly anchors: Anchors;
  readonly sentence: string;
  readonly advice: string;
}

export interface PartRules {
  readonly good: string;
  readonly rules: readonly QualityRule[];
}

const retake = 'If it can be done, take the picture again';
const exposeLess = `${retake} with less exposure, or export it with another window.`;
const exposeMore = `${retake} with more exposure, or export it with another window.`;
const wholeLungs = `${retake} with both lungs whole, and space around them.`;

/**
 * Anchors were chosen on the films of the handbook so that nearly all are good in each part (`npm run quality:survey`
 * prints how many; decision 0009 has the distribution). A part is as good as the worst of its rules.
 */
export const qualityRules: Readonly<Record<QualityPart, PartRules>> = {
  exposure: {
    good: 'The lungs are neither too dark nor too bright.',
    rules: [
      {
        measure: 'lungLevel',
        anchors: [0.04, 0.14, 0.23, 0.3],
        sentence: 'The lungs are very dark.',
        advice: exposeLess,
      },
      {
        measure: 'lungLevel',
        anchors: [0.95, 0.85, 0.74, 0.65],
        sentence: 'The lungs are very bright.',
        advice: exposeMore,
      },
      {
        measure: 'mediastinumLevel',
        anchors: [0.2, 0.34, 0.46, 0.56],
        sentence: 'The space between the lungs is very dark.',
        advice: exposeLess,
      },
      {
        measure: 'mediastinumLevel',
        anchors: [1, 0.96, 0.91, 0.85],
        sentence: 'The space between the lungs is so bright that nothing can be told apart there.',
        advice: exposeMore,
      },
      {
        measure: 'clippedShare',
        anchors: [0.5, 0.2, 0.06, 0.03],
        sentence: 'A part of the chest is plain black or plain white; what was there is lost.',
        advice: 'Export the picture again with a wider window, from the original at the X-ray machine.',
      },
    ],
  },
  contrast: {
    good: 'Dark and bright parts of the chest are far enough apart.',
    rules: [
      {
        measure: 'spread',
        anchors: [0.05, 0.12, 0.2, 0.33],
        sentence: 'Dark and bright parts of the chest are close together.',
        advice: 'Export the picture again with a narrower window, or take it again.',
      },
    ],
  },
  sharpness: {
    good: 'Edges are crisp, and there is little grain.',
    rules: [
      {
        measure: 'fineDetail',
        anchors: [0.1, 0.2, 0.28, 0.36],
        sentence: 'Edges are soft: the patient may have moved, or the picture was enlarged or photographed.',
        advice: `Use the original file from the X-ray machine; ${retake.toLowerCase()} without movement.`,
      },
      {
        measure: 'noise',
        anchors: [0.07, 0.04, 0.02, 0.012],
        sentence: 'The picture is grainy.',
        advice: `Use the original file from the X-ray machine; ${retake.toLowerCase()} with more exposure.`,
      },
    ],
  },
  coverage: {
    good: 'Both lungs are whole in the picture.',
    rules: [
      {
        measure: 'cutEdgeShare',
        anchors: [0.5, 0.25, 0.1, 0],
        sentence: 'A lung reaches the edge of the picture; a part of it may be missing.',
        advice: wholeLungs,
      },
      {
        measure: 'nearEdgeShare',
        anchors: [0.8, 0.4, 0.16, 0.05],
        sentence: 'The lungs come very close to the edge of the picture; a part of them may be missing.',
        advice: wholeLungs,
      },
    ],
  },
  rotation: {
    good: 'The chest is upright, and both lungs are seen at a similar width.',
    rules: [
      {
        measure: 'tiltDegrees',
        anchors: [45, 24, 14, 6],
        sentence: 'The chest leans to one side in the picture.',
        advice: `${retake} with the patient upright.`,
      },
      {
        measure: 'widthDifference',
        anchors: [0.6, 0.3, 0.15, 0.09],
        sentence:
          'One lung is seen narrower than the other: the patient was turned to a side, or that lung is smaller.',
        advice: `Compare both lungs with care. ${retake} with both shoulders at the same distance.`,
      },
    ],
  },
};
