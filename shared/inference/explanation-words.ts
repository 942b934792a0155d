import { type AppError, type ErrorCode, errorEntry } from '../kernel/errors.ts';
import type { Explanation, ExplainMethod, Heatmap, Shortcoming } from '../api/explanation.ts';

/** What is known of a map, in sentences for those who look at it. */

export const heatNote = 'What the model used, not where the disease is.';

export const methodNames: Readonly<Record<Heatmap['method'], string>> = {
  gradcam: 'Grad-CAM',
  hirescam: 'HiResCAM',
  layercam: 'LayerCAM',
  ig: 'Integrated gradients',
  'ig-black': 'Integrated gradients, from black',
  'ig-blurred': 'Integrated gradients, from a blurred picture',
  smoothgrad: 'SmoothGrad',
  'class-activation-map': 'Class activation map',
};

/** What each method shows, in one sentence. */
export const methodHints: Readonly<Record<ExplainMethod, string>> = {
  gradcam: 'Coarse: which regions the last layer used.',
  hirescam: 'Coarse: like Grad-CAM, but each cell with its own gradient.',
  layercam: 'Coarse: like Grad-CAM, with what speaks for the finding only.',
  ig: 'Fine: what each part adds against an even grey picture.',
  'ig-black': 'Fine: what each part adds against a black picture.',
  'ig-blurred': 'Fine: what each part adds against the picture blurred.',
  smoothgrad: 'Fine: where a small change would change the score most.',
};

const shortcomingWords: Readonly<Record<Shortcoming, string>> = {
  empty: 'Nothing in the picture spoke for it, so there is nothing to see.',
  'no-better-than-random': 'On this picture it did no better than random maps.',
  'seldom-better-than-random': 'On most pictures, maps of this kind do no better than random ones.',
  'outside-lungs': 'It lies outside the lungs more than chance would have it.',
  incomplete: 'It does not add up to the score that it explains.',
  'sanity-check': 'Maps of this kind hardly change when the model’s weights are shuffled.',
};

export interface JudgementWords {
  /** False: something speaks against relying on the map. */
  readonly holds: boolean;
  readonly verdict: string;
  readonly facts: readonly string[];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export function judgementInWords(explanation: Explanation): JudgementWords {
  const { shortcomings, insideLungs, lungsInBox, deletion, insertion, completeness, sanityCheck } =
    explanation;
  const holds = shortcomings.length === 0;
  const passed =
    sanityCheck === undefined
      ? 'This map passed the checks that could be made'
      : 'This map passed its checks';
  const unknown =
    sanityCheck === undefined ? ' Whether it depends on what the model has learnt is not known.' : '';
  const verdict = holds
    ? `${passed}: taking away what it marks changes the score more than taking away random parts.${unknown}`
    : `Do not rely on this map. ${shortcomings.map((each) => shortcomingWords[each]).join(' ')}`;
  const facts = [
    `${percent(insideLungs)} of the map lies in the lungs, which are ${percent(lungsInBox)} of its area.`,
    `Mean score while the marked parts are taken away: ${deletion.map.toFixed(2)}; random parts: ${deletion.random.toFixed(2)} (lower is better).`,
    `Mean score while the marked parts are brought back: ${insertion.map.toFixed(2)}; random parts: ${insertion.random.toFixed(2)} (higher is better).`,
    ...(completeness === undefined
      ? []
      : [
          `Its parts add up to the difference that they explain, but for ${(completeness.gap * 100).toFixed(2)} % (${completeness.steps} steps).`,
        ]),
    sanityCheck === undefined
      ? 'Whether maps of this kind depend on what the model has learnt was not checked for this model.'
      : `With shuffled weights maps of this kind are ${sanityCheck.passed ? 'clearly different' : 'much the same'}: similarity ${sanityCheck.similarity.toFixed(2)} over ${sanityCheck.images} pictures (1 would be the same). On ${percent(sanityCheck.betterThanRandom)} of them they did better than random maps.`,
  ];
  return { holds, verdict, facts };
}

/** Why a device cannot compute a map: the end of a sentence after a colon. */
export function whyNoMap({ code, message }: AppError): string {
  const reasons: Partial<Record<ErrorCode, string>> = {
    'model.check-failed': 'its gradients failed their check here.',
    'model.load-failed': 'the network with its gradients could not be started here.',
  };
  const reason = reasons[code] ?? errorEntry(code).title;
  return `${reason.charAt(0).toLowerCase()}${reason.slice(1)} (${code}: ${message})`;
}
