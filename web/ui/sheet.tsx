import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface SheetProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** To be asked before it is closed; undefined where nothing would be lost. */
  readonly question?: string | undefined;
}

/** A large dialog, open as long as it is rendered. The browser keeps the focus inside, and gives it back afterwards. */
export function Sheet({ title, children, onClose, question }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const askFirst = (event: SyntheticEvent): void => {
    if (question === undefined) return;
    event.preventDefault();
    setAsking(true);
  };
  // The browser asks once only with `cancel`; the second Escape would close.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) askFirst(event);
  };
  return (
    <>
      <dialog
        ref={dialog}
        className="sheet"
        aria-labelledby="sheet-title"
        onKeyDown={onKeyDown}
        onCancel={(event) => event.target === event.currentTarget && askFirst(event)}
        onClose={onClose}
      >
        <header className="sheet-head">
          <h2 id="sheet-title">{title}</h2>
          <button
            type="button"
            className="button plain"
            onClick={(event) => {
              askFirst(event);
              if (!event.defaultPrevented) dialog.current?.close();
            }}
          >
            Close
          </button>
        </header>
        {children}
      </dialog>
      {asking && question !== undefined && (
        <ConfirmDialog
          question={question}
          confirmLabel="Close without saving"
          onConfirm={() => dialog.current?.close()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
