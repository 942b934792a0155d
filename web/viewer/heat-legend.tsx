import type { AnalysisFinding } from '../../shared/api/analysis.ts';
import { heatStrength } from '../../shared/inference/heatmap.ts';

/** What the colours mean, and what they do not. */
export function HeatLegend({ finding }: { readonly finding: AnalysisFinding }) {
  const { name, heatmap, noHeatmap } = finding;
  if (heatmap === undefined) {
    return (
      <figcaption className="viewer-legend">
        <span>This device cannot compute the heat map: {noHeatmap}</span>
      </figcaption>
    );
  }
  const isEmpty = heatmap.values.every((value) => value === 0);
  const isFaded = !isEmpty && heatStrength(finding) < 1;
  return (
    <figcaption className="viewer-legend">
      <span className="viewer-scale">
        <span>little</span>
        <span className="viewer-scale-bar" aria-hidden="true" />
        <span>much</span>
        <span>for “{name}”</span>
      </span>
      <strong>{heatmap.note}</strong>
      {isEmpty && <span>Nothing in the picture spoke for the finding, so the map is empty.</span>}
      {isFaded && <span>It fades with the score below the operating point.</span>}
    </figcaption>
  );
}
