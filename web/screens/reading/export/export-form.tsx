import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useServices } from '../../../app/services-context.tsx';
import type { ExportedFile, ExportPreview } from '../../../engine/file-api.ts';
import { problemText } from '../../../engine/problem-text.ts';
import { Notice } from '../../../ui/notice.tsx';
import { openFile } from '../open-file.ts';
import { writingInWords } from './export-words.ts';
import { MaskEditor } from './mask-editor.tsx';
import { saveFile } from './save-file.ts';

interface ExportFormProps {
  readonly id: string;
  readonly preview: ExportPreview;
}

type Progress =
  | { readonly is: 'asking' | 'writing' }
  | { readonly is: 'saved'; readonly file: ExportedFile }
  | { readonly is: 'failed'; readonly error: unknown };

export function ExportForm({ id, preview }: ExportFormProps) {
  const { readings, fileContents } = useServices();
  const [longitudinal, setLongitudinal] = useState(false);
  const [cleanDescriptors, setCleanDescriptors] = useState(false);
  const [masks, setMasks] = useState(preview.proposals);
  const [looked, setLooked] = useState(false);
  const [progress, setProgress] = useState<Progress>({ is: 'asking' });
  const stop = useRef(new AbortController());
  useEffect(() => {
    const leaving = new AbortController();
    stop.current = leaving;
    return () => leaving.abort();
  }, []);
  const writing = writingInWords(preview);

  const write = async (): Promise<void> => {
    const { signal } = stop.current;
    setProgress({ is: 'writing' });
    try {
      const options = { longitudinal, cleanDescriptors, masks, burnedInChecked: looked };
      const [file, key] = await Promise.all([openFile(readings, id), fileContents.key()]);
      const exported = await fileContents.deidentify(file, { ...options, key }, signal);
      saveFile(exported.bytes, exported.name, exported.mediaType);
      setProgress({ is: 'saved', file: exported });
    } catch (error) {
      if (!signal.aborted) setProgress({ is: 'failed', error });
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (progress.is !== 'writing') void write();
  };

  return (
    <form className="export-form" onSubmit={submit}>
      <p>
        Names, numbers and everything else that tells who, where and when go out of the file. The picture
        stays as it is, but for what you cover. The name becomes a pseudonym, made with a key that only this
        device has: a patient has the same pseudonym each time here, and another one on other devices.
      </p>
      {preview.hasHeader && (
        <fieldset>
          <legend>Dates and descriptions</legend>
          <label>
            <input
              type="radio"
              name="dates"
              checked={!longitudinal}
              onChange={() => setLongitudinal(false)}
            />
            Take all dates out
          </label>
          <label>
            <input type="radio" name="dates" checked={longitudinal} onChange={() => setLongitudinal(true)} />
            Keep the time between pictures: all dates of a patient move into the past by the same days
          </label>
          <label>
            <input
              type="checkbox"
              checked={cleanDescriptors}
              onChange={({ target }) => setCleanDescriptors(target.checked)}
            />
            Keep words of the descriptions that name nobody, such as “chest”
          </label>
        </fieldset>
      )}
      <fieldset>
        <legend>Writing inside the picture</legend>
        <Notice kind={writing.kind}>
          <p>{writing.text}</p>
        </Notice>
        <MaskEditor preview={preview} masks={masks} onChange={setMasks} />
        <label>
          <input
            type="checkbox"
            required
            checked={looked}
            onChange={({ target }) => setLooked(target.checked)}
          />
          I have looked at the whole picture: what could name somebody is covered.
        </label>
      </fieldset>
      <div className="actions">
        <button type="submit" className="button primary">
          Save the file
        </button>
        <p className="export-status" role="status">
          {progress.is === 'writing' && 'Writing…'}
          {progress.is === 'saved' && savedInWords(progress.file)}
        </p>
      </div>
      {progress.is === 'failed' && (
        <Notice kind="refused" title={problemText(progress.error).title} alert>
          <p>Nothing was saved.</p>
        </Notice>
      )}
    </form>
  );
}

function savedInWords({ name, pseudonym }: ExportedFile): string {
  return pseudonym === undefined
    ? `Saved as ${name}.`
    : `Saved as ${name}. The patient is ${pseudonym} in it.`;
}
