import { useState } from 'react';
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
  const state = useTask(async (signal) => fileContents.preview(await openFile(readings, id), 0, signal));
  const [unsaved, setUnsaved] = useState(false);
  return (
    <Sheet
      title="Export without names"
      onClose={onClose}
      question={
        unsaved ? 'Close without saving? The areas that you drew or changed will be lost.' : undefined
      }
    >
      {state.is === 'running' && <p role="status">Looking at the picture…</p>}
      {state.is === 'failed' && (
        <Notice kind="refused" title={problemText(state.error).title} alert>
          <p>This file cannot be exported.</p>
        </Notice>
      )}
      {state.is === 'done' && <ExportForm id={id} first={state.result} onUnsaved={setUnsaved} />}
    </Sheet>
  );
}
