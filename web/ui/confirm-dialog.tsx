import { useEffect, useRef } from 'react';

interface ConfirmDialogProps {
  readonly question: string;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  /** Also after a confirmation, and after Escape. */
  readonly onClose: () => void;
}

/** Open as long as it is rendered. The browser keeps the focus inside, and gives it back afterwards. */
export function ConfirmDialog({ question, confirmLabel, onConfirm, onClose }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby="confirm-question" onClose={onClose}>
      <p id="confirm-question">{question}</p>
      <div className="actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Keep
        </button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            onConfirm();
            dialog.current?.close();
          }}
        >
          {confirmLabel}
        </button>
      </div>
    </dialog>
  );
}
