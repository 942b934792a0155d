import { lazy, Suspense, useState } from 'react';

// Few readings are opened for their header: what shows it is not loaded with the page.
const HeaderSheet = lazy(async () => ({
  default: (await import('./file-header/header-sheet.tsx')).HeaderSheet,
}));
const ExportSheet = lazy(async () => ({ default: (await import('./export/export-sheet.tsx')).ExportSheet }));

/** What can be done with the file of a reading, apart from reading it. */
export function FileActions({ id }: { readonly id: string }) {
  const [open, setOpen] = useState<'header' | 'export'>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <button type="button" className="button plain" onClick={() => setOpen('header')}>
        What the file says
      </button>
      <button type="button" className="button plain" onClick={() => setOpen('export')}>
        Export without names…
      </button>
      <Suspense>
        {open === 'header' && <HeaderSheet id={id} onClose={close} />}
        {open === 'export' && <ExportSheet id={id} onClose={close} />}
      </Suspense>
    </>
  );
}
