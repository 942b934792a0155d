import { type FormEvent, useEffect, useLayoutEffect, useReducer, useRef } from 'react';
import { useServices } from '../../../app/services-context.tsx';
import type { ExportedFile, ExportPreview } from '../../../engine/file-api.ts';
import { problemText } from '../../../engine/problem-text.ts';
import { Notice } from '../../../ui/notice.tsx';
import { openFile } from '../open-file.ts';
import { DateChoices } from './date-choices.tsx';
import { hasSeenAll, mayBeSaved, nextExport, startExport, wouldBeLost } from './export-state.ts';
import { writingInWords } from './export-words.ts';
import { FramePicture } from './frame-picture.tsx';
import { MaskEditor } from './mask-editor.tsx';
import { PreviewStepper } from './preview-stepper.tsx';
import { saveFile } from './save-file.ts';
import { usePreview } from './use-preview.ts';

interface ExportFormProps {
  readonly id: string;
  /** Of the first picture in the file. */
  readonly first: ExportPreview;
  /** Whether closing would throw something away. */
  readonly onUnsaved: (unsaved: boolean) => void;
}

export function ExportForm({ id, first, onUnsaved }: ExportFormProps) {
  const { readings, fileContents } = useServices();
  const [state, dispatch] = useReducer(nextExport, startExport(first.proposals, first.frames));
  const { shown, wanted, error, go } = usePreview(id, first);
  const stop = useRef(new AbortController());
  useEffect(() => {
    const leaving = new AbortController();
    stop.current = leaving;
    return () => leaving.abort();
  }, []);
  const { frames, progress, proposals, masks, looked, longitudinal, cleanDescriptors } = state;
  const unsaved = wouldBeLost(state);
  // Before the next key: it may be Escape.
  useLayoutEffect(() => onUnsaved(unsaved), [unsaved, onUnsaved]);
  const writing = writingInWords({ ...first, proposals });

  const write = async (): Promise<void> => {
    const { signal } = stop.current;
    dispatch({ type: 'progress', progress: { is: 'writing' } });
    try {
      const options = { longitudinal, cleanDescriptors, masks, burnedInChecked: looked };
      const [file, key] = await Promise.all([openFile(readings, id), fileContents.key()]);
      const exported = await fileContents.deidentify(file, { ...options, key }, signal);
      // A record that leaves the device leaves a note of it; where none can be written, it stays.
      await readings.noteUse(id, 'exported');
      saveFile(exported.bytes, exported.name, exported.mediaType);
      dispatch({ type: 'progress', progress: { is: 'saved', file: exported } });
    } catch (thrown) {
      if (!signal.aborted) dispatch({ type: 'progress', progress: { is: 'failed', error: thrown } });
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (mayBeSaved(state)) void write();
  };

  return (
    <form className="export-form" onSubmit={submit}>
      <fieldset disabled={progress.is === 'writing'}>
        <legend>Writing inside the picture</legend>
        <Notice kind={writing.kind}>
          <p>{writing.text}</p>
        </Notice>
        {frames > 1 && <PreviewStepper frames={frames} wanted={wanted} seen={state.seen.length} onGo={go} />}
        {error !== undefined && (
          <Notice kind="refused" title={`Picture ${wanted + 1} cannot be shown.`} alert>
            <p>
              {`${problemText(error).title} You still see picture ${shown.frame + 1}. Because nobody can look at all pictures of this file, it cannot be exported.`}
            </p>
          </Notice>
        )}
        <MaskEditor
          size={shown.preview}
          masks={masks}
          disabled={progress.is === 'writing'}
          onChange={(changed) => dispatch({ type: 'masks', masks: changed })}
        >
          <FramePicture
            key={shown.frame}
            png={shown.preview.png}
            label="The picture as it is now"
            onSeen={() => dispatch({ type: 'seen', frame: shown.frame, proposals: shown.preview.proposals })}
          />
        </MaskEditor>
      </fieldset>
      <div className="export-options">
        <p>
          Names, numbers and everything else that tells who, where and when go out of the file. The picture
          stays as it is, but for what you cover. The name becomes a pseudonym, made with a key that only this
          device has: a patient has the same pseudonym each time here, and another one on other devices.
        </p>
        <fieldset disabled={progress.is === 'writing'}>
          <legend className="hidden-text">What stays, and what you have seen</legend>
          {first.hasHeader && (
            <DateChoices
              longitudinal={longitudinal}
              cleanDescriptors={cleanDescriptors}
              onChoose={(choice) => dispatch({ type: 'choose', choice })}
            />
          )}
          <label>
            <input
              type="checkbox"
              required
              disabled={!hasSeenAll(state)}
              checked={looked}
              onChange={({ target }) => dispatch({ type: 'look', looked: target.checked })}
            />
            {frames === 1
              ? 'I have looked at the whole picture: what could name somebody is covered.'
              : `I have looked at all ${frames} pictures: what could name somebody is covered.`}
          </label>
        </fieldset>
        <div className="actions">
          <button type="submit" className="button primary" disabled={!hasSeenAll(state)}>
            Save the file
          </button>
          <p className="export-status" role="status">
            {progress.is === 'writing' && 'Writing…'}
            {progress.is === 'saved' && savedInWords(progress.file)}
            {!hasSeenAll(state) && frames > 1 && 'First look at every picture.'}
          </p>
        </div>
        {progress.is === 'failed' && (
          <Notice kind="refused" title={problemText(progress.error).title} alert>
            <p>Nothing was saved.</p>
          </Notice>
        )}
      </div>
    </form>
  );
}

function savedInWords({ name, pseudonym }: ExportedFile): string {
  return pseudonym === undefined
    ? `Saved as ${name}.`
    : `Saved as ${name}. The patient is ${pseudonym} in it.`;
}
