import { keyHelp } from './viewer-keys.ts';

export function KeyboardHelp() {
  return (
    <details className="viewer-keys">
      <summary>Keyboard</summary>
      <p>These keys work while the picture has the focus.</p>
      <dl>
        {keyHelp.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
