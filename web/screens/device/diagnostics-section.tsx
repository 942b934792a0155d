import { useRef, useState } from 'react';
import { useEngineState, useServices } from '../../app/services-context.tsx';
import { useAnswer } from '../../ui/use-answer.ts';

export function DiagnosticsSection() {
  const { diagnostics } = useServices();
  const { phase } = useEngineState();
  const text = useAnswer(() => diagnostics.text(), phase);
  const block = useRef<HTMLPreElement>(null);
  const [note, setNote] = useState('');

  // What is seen is what is copied; asking anew could outlast the click, without which Safari refuses.
  const copy = async (seen: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(seen);
      setNote('Copied.');
    } catch {
      if (block.current !== null) getSelection()?.selectAllChildren(block.current);
      setNote(
        'This browser does not let the page copy. The text is selected: copy it with Ctrl+C or the menu.',
      );
    }
  };

  return (
    <section className="card" aria-labelledby="diagnostics-title">
      <h2 id="diagnostics-title">For support</h2>
      <p>
        This text says what this device and its browser can do. It names no file and nothing about patients.
      </p>
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={text === undefined}
          onClick={() => void copy(text ?? '')}
        >
          Copy
        </button>
        <p role="status">{note}</p>
      </div>
      <pre
        ref={block}
        className="diagnostics"
        tabIndex={0}
        role="region"
        aria-label="Text for support"
        aria-busy={text === undefined}
      >
        {text ?? 'Looking at this device…'}
      </pre>
    </section>
  );
}
