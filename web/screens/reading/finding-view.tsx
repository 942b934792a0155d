import type { AnalysisFinding } from '../../../shared/api/analysis.ts';
import { Facts } from '../../ui/facts.tsx';
import { Icon } from '../../ui/icon.tsx';
import { numberInWords, proportionInWords, sideInWords } from '../../ui/words.ts';

/** Where the probability stands between 0 and 1, with a mark at the operating point. The words beside it say the same. */
function Meter({ probability, operatingPoint }: AnalysisFinding) {
  return (
    <span className="meter" aria-hidden="true">
      <span className="meter-fill" style={{ inlineSize: `${probability * 100}%` }} />
      <span className="meter-mark" style={{ insetInlineStart: `${operatingPoint.threshold * 100}%` }} />
    </span>
  );
}

/** How often the operating point was right, where that says something about this patient. */
function MeasuredErrors({ shownAs, operatingPoint }: AnalysisFinding) {
  const { dataset } = operatingPoint;
  const sensitivity = proportionInWords(operatingPoint.sensitivity);
  const specificity = proportionInWords(operatingPoint.specificity);
  if (shownAs === 'score') {
    return (
      <div className="not-for-this">
        <p>
          <strong>How often the model errs for this patient is not known.</strong> Its sensitivity of{' '}
          {sensitivity} and specificity of {specificity} were measured on other patients ({dataset}) and do
          not apply here.
        </p>
      </div>
    );
  }
  return (
    <Facts
      facts={[
        ['Sensitivity there', sensitivity],
        ['Specificity there', specificity],
        ['Measured on', dataset],
      ]}
    />
  );
}

export function FindingView({ finding }: { readonly finding: AnalysisFinding }) {
  const { name, plain, positive, advice, shownAs } = finding;
  const [number, caution] = numberInWords(finding);
  return (
    <article className={positive ? 'finding positive' : 'finding negative'}>
      <h3>{name}</h3>
      <p className="number">
        {number}
        {caution !== undefined && <small> {caution}</small>}
      </p>
      {shownAs === 'probability' && <Meter {...finding} />}
      <p className="side">
        <Icon name={positive ? 'positive' : 'negative'} />
        {sideInWords(finding)}
      </p>
      <p>{plain}</p>
      <p className="advice">{advice}</p>
      <MeasuredErrors {...finding} />
    </article>
  );
}
