import { useId } from 'react';
import type { Heatmap } from '../../../../shared/api/explanation.ts';
import { methodHints, methodNames } from '../../../../shared/inference/explanation-words.ts';
import { isComputable, methodsFor } from './map-subjects.ts';
import { MapVerdict } from './map-verdict.tsx';
import type { ShownMap } from './shown-map.ts';
import type { MapControl } from './use-map.ts';

interface MapPanelProps {
  readonly control: MapControl;
  readonly onReadAgain: () => void;
}

/** What the colours mean, what they do not, and whether they may be relied on; and the choice of another map. */
export function MapPanel({ control, onReadAgain }: MapPanelProps) {
  const { subjects, shown, choose, tryAgain } = control;
  if (shown === undefined) return null;
  const { subject, heatmap, progress } = shown;
  const isFaded = heatmap !== undefined && heatmap.peak > 0 && subject.strength < 1;
  return (
    <div className="map-panel">
      <MapChoices shown={shown} subjects={subjects} choose={choose} />
      <div className="map-legend">
        <span className="map-scale">
          <span>little</span>
          <span className="map-scale-bar" aria-hidden="true" />
          <span>much</span>
          <span>for “{subject.name}”</span>
        </span>
        {isFaded && <span>It fades with the score below the operating point.</span>}
      </div>
      <MapVerdict progress={progress} onTryAgain={tryAgain} onReadAgain={onReadAgain} />
    </div>
  );
}

interface MapChoicesProps extends Pick<MapControl, 'subjects' | 'choose'> {
  readonly shown: ShownMap;
}

function MapChoices({ subjects, shown: { subject, method }, choose }: MapChoicesProps) {
  const hintId = useId();
  return (
    <div className="map-choices" role="group" aria-label="Which heat map">
      <label className="map-choice">
        <span>Heat map for</span>
        <select value={subject.code} onChange={(event) => choose({ of: event.target.value })}>
          {subjects.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="map-choice">
        <span>Method</span>
        <select
          value={method}
          aria-describedby={hintId}
          onChange={(event) => choose({ method: event.target.value as Heatmap['method'] })}
        >
          {methodsFor(subject).map((each) => (
            <option key={each} value={each}>
              {methodNames[each]}
            </option>
          ))}
        </select>
      </label>
      <p className="map-hint" id={hintId}>
        {isComputable(method) ? methodHints[method] : 'Coarse: from an earlier version of Fieldray.'}
      </p>
    </div>
  );
}
