import type { ChangeEvent } from 'react';
import { useServices } from '../../app/services-context.tsx';
import { focusTitle } from '../../ui/focus-title.ts';
import { Notice } from '../../ui/notice.tsx';
import { filesOfFolder, filesOutright } from './dropped-files.ts';
import type { AddFiles } from './use-add-files.ts';

const canChooseFolder = 'webkitdirectory' in HTMLInputElement.prototype;
/** React does not know the attribute. */
const forFolders = (input: HTMLInputElement | null): void => {
  if (input !== null) input.webkitdirectory = true;
};

function filesOf({ currentTarget }: ChangeEvent<HTMLInputElement>): File[] {
  const files = [...(currentTarget.files ?? [])];
  // Emptied, so that choosing the same file again is a change again.
  currentTarget.value = '';
  return files;
}

interface ChooseFilesProps {
  readonly adding: AddFiles;
  /** Something hangs over the page, about to be dropped. */
  readonly hanging: boolean;
}

export function ChooseFiles({ adding, hanging }: ChooseFilesProps) {
  const { pictures } = useServices();
  const { add, busy, progress, note, trouble, forgetTrouble } = adding;
  const outright = (open: () => Promise<readonly File[]>): void =>
    void add(async () => filesOutright(await open()));
  const understood = (): void => {
    forgetTrouble();
    focusTitle();
  };
  return (
    <section className={hanging ? 'choose dropping' : 'choose'} aria-label="Add X-rays">
      <p className="choose-title">Drop chest X-rays here, or</p>
      <div className="choose-actions">
        <label className="button primary">
          <input
            id="file"
            type="file"
            multiple
            onChange={(event) => {
              const files = filesOf(event);
              outright(() => Promise.resolve(files));
            }}
          />
          Choose files
        </label>
        {canChooseFolder && (
          <label className="button">
            <input
              id="folder"
              type="file"
              ref={forFolders}
              onChange={(event) => {
                const files = filesOf(event);
                void add(() => filesOfFolder(files));
              }}
            />
            Choose a folder
          </label>
        )}
        <button
          id="phantom"
          type="button"
          className="button"
          onClick={() => outright(async () => [new File([await pictures.phantom()], 'phantom.png')])}
        >
          Try the phantom
        </button>
      </div>
      <p className="hint">
        Frontal pictures as DICOM, JPEG or PNG, also in folders and ZIP files. They are read on this device.
      </p>
      <p className="hint" role="status">
        {busy ? progress : note}
      </p>
      {trouble !== undefined && (
        <Notice kind="warning" alert title={trouble.title}>
          <ul>
            {trouble.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <button type="button" className="button" onClick={understood}>
            Understood
          </button>
        </Notice>
      )}
    </section>
  );
}
