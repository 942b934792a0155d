import { useServices } from '../../../app/services-context.tsx';
import { problemText } from '../../../engine/problem-text.ts';
import { Notice } from '../../../ui/notice.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { openFile } from '../open-file.ts';
import { ExportForm } from './export-form.tsx';

interface ExportSheetProps {
  readonly id: string;
  readonly onClose: () => void;
}

export function ExportSheet({ id, onClose }: ExportSheetProps) {
  const { readings, fileContents } = useServices();
  const state = useTask(async (signal) => fileContents.preview(await openFile(readings, id), signal));
  return (
    <Sheet title="Export without names" onClose={onClose}>
      {state.is === 'running' && <p role="status">Looking at the picture…</p>}
      {state.is === 'failed' && (
        <Notice kind="refused" title={problemText(state.error).title} alert>
          <p>This file cannot be exported.</p>
        </Notice>
      )}
      {state.is === 'done' && <ExportForm id={id} preview={state.result} />}
    </Sheet>
  );
}
