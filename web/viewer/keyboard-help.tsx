import { memo, type Ref } from 'react';
import { keyHelp, type KeysUsed } from './viewer-keys.ts';

/** It never changes, while the picture moves sixty times a second. */
export const KeyboardHelp = memo(function KeyboardHelp({
  ref,
  ...used
}: KeysUsed & { readonly ref: Ref<HTMLDetailsElement> }) {
  return (
    <details ref={ref} className="viewer-keys">
      <summary>Keyboard</summary>
      <p>These keys work while the picture has the focus.</p>
      {keyHelp(used).map(({ title, keys: group }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {group.map(({ keys, does }) => (
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
        </section>
      ))}
    </details>
  );
});
