import { useEffect, useState } from 'react';

/** What was dropped, entry by entry; files that come without an entry are given as they are. */
export interface Dropped {
  readonly entries: readonly FileSystemEntry[];
  readonly files: readonly File[];
}

/** The list is empty as soon as the event is over, so everything is taken out at once. */
function takeOut(items: DataTransferItemList): Dropped {
  const entries: FileSystemEntry[] = [];
  const files: File[] = [];
  for (const item of items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) entries.push(entry);
    if (file !== null) files.push(file);
  }
  return { entries, files };
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

/** Files may be dropped anywhere on the page. @returns whether something hangs over the page now */
export function usePageDrop(onDrop: (dropped: Dropped) => void): boolean {
  const [hanging, setHanging] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setHanging(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setHanging(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setHanging(false);
      if (event.dataTransfer !== null) onDrop(takeOut(event.dataTransfer.items));
    };
    document.addEventListener('dragover', over, { signal });
    document.addEventListener('dragleave', leave, { signal });
    document.addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, [onDrop]);
  return hanging;
}
