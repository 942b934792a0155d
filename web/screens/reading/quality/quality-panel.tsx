import type { Quality } from '../../../../shared/api/quality.ts';

const names: Readonly<Record<Quality['parts'][number]['part'], string>> = {
  exposure: 'Exposure',
  contrast: 'Contrast',
  sharpness: 'Sharpness',
  coverage: 'Both lungs whole',
  rotation: 'Upright, not turned',
};

/** How well the film was taken. Every bar has its word and number beside it; what is not good says why and what to do. */
export function QualityPanel({ quality: { total, parts } }: { readonly quality: Quality }) {
  if (parts.length === 0) return null;
  return (
    <section className="quality" aria-labelledby="quality-title">
      <h3 id="quality-title">
        Quality of the picture{total !== undefined && `: ${total.word}, ${total.score} of 100`}
      </h3>
      {total === undefined && (
        <p className="hint">The rest cannot be judged without an outline of both lungs.</p>
      )}
      <ul>
        {parts.map(({ part, score, word, sentence, advice }) => (
          <li key={part} className={`quality-${word}`}>
            <span className="quality-name">{names[part]}</span>
            <span className="quality-bar" aria-hidden="true">
              <span style={{ inlineSize: `${score}%` }} />
            </span>
            <span className="quality-word">
              {word}, {score}
            </span>
            {advice !== undefined && (
              <span className="quality-why">
                {sentence} {advice}
              </span>
            )}
          </li>
        ))}
      </ul>
      <p className="hint">It judges how the picture was taken, not the patient, and changes no number.</p>
    </section>
  );
}
