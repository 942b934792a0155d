import { useId, useState } from 'react';
import { useServices } from '../../app/services-context.tsx';
import type { ProblemText } from '../../engine/engine-state.ts';
import { problemText } from '../../engine/problem-text.ts';
import { openFileWriter } from '../../ui/write-file.ts';
import { FormProblem } from './form-problem.tsx';
import { fileName, madeInWords, takenInWords } from './stick-words.ts';
import { useStayOpen } from './use-stay-open.ts';

/** A file in place of a network: on a stick, to the hub or to another device, and back. */
export function StickSection({ device }: { readonly device: string }) {
  const { records } = useServices();
  const [everything, setEverything] = useState(false);
  const [doing, setDoing] = useState<'writing' | 'taking'>();
  const [share, setShare] = useState<number>();
  const [said, setSaid] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<ProblemText>();
  const input = useId();
  useStayOpen(doing !== undefined);

  const run = async (what: 'writing' | 'taking', work: () => Promise<readonly string[]>): Promise<void> => {
    setDoing(what);
    setProblem(undefined);
    setSaid([]);
    try {
      setSaid(await work());
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      setDoing(undefined);
      setShare(undefined);
    }
  };
  const write = async (): Promise<readonly string[]> => {
    const writer = await openFileWriter(fileName(device, new Date()));
    if (writer === undefined) return [];
    try {
      const made = await records.makeBundle(everything ? 'all' : 'outbox', (piece) => writer.write(piece));
      await writer.finish();
      return madeInWords(made);
    } catch (error) {
      await writer.abandon().catch(() => undefined);
      throw error;
    }
  };
  const take = async (file: File): Promise<readonly string[]> =>
    takenInWords(await records.takeBundle(file, setShare));
  return (
    <section className="card" aria-labelledby="stick-title">
      <h2 id="stick-title">A stick instead of a network</h2>
      <p>
        What is here can go to the hub, or to another device of the clinic, as a file. It is sealed for the
        clinic: whoever finds the stick reads nothing. Taking a file twice, or an older one later, does no
        harm.
      </p>
      <FormProblem problem={problem} />
      <fieldset className="answer">
        <legend>What goes into the file</legend>
        <label>
          <input type="radio" name={input} checked={!everything} onChange={() => setEverything(false)} />
          What the hub does not have
        </label>
        <label>
          <input type="radio" name={input} checked={everything} onChange={() => setEverything(true)} />
          Everything on this device
        </label>
      </fieldset>
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={doing !== undefined}
          onClick={() => void run('writing', write)}
        >
          {doing === 'writing' ? 'Writing…' : 'Write a file'}
        </button>
        <label className="button">
          <input
            type="file"
            accept=".bundle,.reply"
            disabled={doing !== undefined}
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              target.value = '';
              if (file !== undefined) void run('taking', () => take(file));
            }}
          />
          {doing === 'taking' ? 'Taking it in…' : 'Take in a file'}
        </label>
      </div>
      {share !== undefined && <progress aria-label="Taking in the file" value={share} />}
      <div role="status">
        {said.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </section>
  );
}
