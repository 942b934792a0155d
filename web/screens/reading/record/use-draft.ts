import { useEffect, useRef, useState } from 'react';
import { useServices } from '../../../app/services-context.tsx';

/** A pause in which nobody typed. */
const restMs = 400;

/**
 * What somebody has begun and not signed: kept on this device, sealed, under a name that says nothing about anybody. `held` is
 * undefined until it is known what there was.
 */
export function useDraft<Draft extends object>(
  name: string,
  empty: Draft,
  read: (kept: unknown) => Draft | undefined,
): { readonly held: Draft | undefined; readonly change: (draft: Draft) => void; readonly clear: () => void } {
  const { records } = useServices();
  const [held, setHeld] = useState<Draft>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const unsaved = useRef<Draft>(undefined);

  useEffect(() => {
    let current = true;
    records.draft(name).then(
      (kept) => current && setHeld(read(kept) ?? empty),
      () => current && setHeld(empty),
    );
    return () => {
      current = false;
      clearTimeout(timer.current);
      // The last words before somebody went on to the next picture.
      if (unsaved.current !== undefined) void keep(unsaved.current);
    };
    // oxlint-disable-next-line react/exhaustive-deps -- a draft is read once
  }, [records, name]);

  const keep = (draft: Draft | undefined): Promise<void> => {
    unsaved.current = undefined;
    // It stands on the screen all the same.
    return records.keepDraft(name, draft as never).catch(() => undefined);
  };
  return {
    held,
    change(draft) {
      setHeld(draft);
      unsaved.current = draft;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void keep(draft), restMs);
    },
    clear() {
      setHeld(empty);
      clearTimeout(timer.current);
      void keep(undefined);
    },
  };
}
