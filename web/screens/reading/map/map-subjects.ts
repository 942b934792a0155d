import type { Analysis } from '../../../../shared/api/analysis.ts';
import type { ExplainMethod, Explanation, Heatmap } from '../../../../shared/api/explanation.ts';
import { methodHints } from '../../../../shared/inference/explanation-words.ts';
import { heatStrength } from '../../../../shared/inference/heatmap.ts';

/** Something of a result that can be explained: a finding, or how the lungs were found. */
export interface MapSubject {
  /** The code of the finding, or `lungs`. */
  readonly code: string;
  readonly name: string;
  readonly modelSha256: string;
  /** How strongly its maps are drawn, 0 … 1. */
  readonly strength: number;
  /** What came with the result, and why nothing did. */
  readonly heatmap: Heatmap | undefined;
  readonly noHeatmap: string | undefined;
  readonly explanations: readonly Explanation[];
}

export interface MapChoice {
  readonly of: string;
  readonly method: Heatmap['method'];
}

/** In the order in which they are offered. */
export const methods = Object.keys(methodHints) as ExplainMethod[];

export const isComputable = (method: Heatmap['method']): method is ExplainMethod => method in methodHints;

/** The findings, the most probable first, then the lungs. */
export function subjectsOf({ findings, lungs }: Analysis): MapSubject[] {
  const byProbability = findings.toSorted((a, b) => b.probability - a.probability);
  return [
    ...byProbability.map((finding) => ({
      code: finding.code,
      name: finding.name,
      modelSha256: finding.modelSha256,
      strength: heatStrength(finding),
      heatmap: finding.heatmap,
      noHeatmap: finding.noHeatmap,
      explanations: finding.explanations ?? [],
    })),
    ...(findings.length === 0 || lungs === undefined
      ? []
      : [
          {
            code: 'lungs',
            name: 'Lungs',
            modelSha256: lungs.modelSha256,
            strength: 1,
            heatmap: undefined,
            noHeatmap: undefined,
            explanations: lungs.explanations ?? [],
          },
        ]),
  ];
}

/** What this subject can be shown with: the methods, and the one that an earlier version used. */
export function methodsFor({ heatmap }: MapSubject): readonly Heatmap['method'][] {
  return heatmap === undefined || isComputable(heatmap.method) ? methods : [heatmap.method, ...methods];
}

/** The chosen subject, else the first; and its chosen method, else that of the map that came with it. */
export function chosenOf(
  subjects: readonly MapSubject[],
  { of, method }: Partial<MapChoice>,
): { readonly subject: MapSubject | undefined; readonly method: Heatmap['method'] } {
  const subject = subjects.find(({ code }) => code === of) ?? subjects[0];
  const isOffered = method !== undefined && subject !== undefined && methodsFor(subject).includes(method);
  return { subject, method: isOffered ? method : (subject?.heatmap?.method ?? 'gradcam') };
}
