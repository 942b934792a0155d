import { useServices } from '../../../app/services-context.tsx';
import { errorEntry } from '../../../../shared/kernel/errors.ts';
import type { FileHeader } from '../../../engine/file-api.ts';
import { problemText } from '../../../engine/problem-text.ts';
import { Notice } from '../../../ui/notice.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { openFile } from '../open-file.ts';
import { HeaderTable } from './header-table.tsx';

interface HeaderSheetProps {
  readonly id: string;
  readonly onClose: () => void;
}

export function HeaderSheet({ id, onClose }: HeaderSheetProps) {
  const { readings, fileContents } = useServices();
  const state = useTask(async (signal) => fileContents.header(await openFile(readings, id), signal));
  return (
    <Sheet title="What the file says" onClose={onClose}>
      {state.is === 'running' && <p role="status">Reading the file…</p>}
      {state.is === 'failed' && (
        <Notice kind="refused" title={problemText(state.error).title} alert>
          <p>What is in this file cannot be shown.</p>
        </Notice>
      )}
      {state.is === 'done' && <Header header={state.result} />}
    </Sheet>
  );
}

function Header({ header }: { readonly header: FileHeader }) {
  const { format, rows, problem } = header;
  if (format !== 'dicom') {
    return (
      <p>
        This is a {format === 'jpeg' ? 'JPEG' : 'PNG'} file: a picture without the header of a DICOM file. It
        may still carry notes of a camera or a program; “Export without names” takes them out.
      </p>
    );
  }
  return (
    <>
      {problem !== undefined && (
        <Notice kind="warning" title={errorEntry(problem).title}>
          <p>Shown is what comes before the damage.</p>
        </Notice>
      )}
      <HeaderTable rows={rows} />
    </>
  );
}
