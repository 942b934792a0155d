import type { ReactNode } from 'react';

interface NoticeProps {
  readonly kind: 'quiet' | 'warning' | 'refused';
  readonly title?: string;
  /** Said aloud at once when it appears. */
  readonly alert?: boolean;
  readonly children?: ReactNode;
}

/** A sentence, then the next step. */
export function Notice({ kind, title, alert = false, children }: NoticeProps) {
  return (
    <div className={`notice ${kind}`} role={alert ? 'alert' : undefined}>
      {title !== undefined && <p className="notice-title">{title}</p>}
      {children}
    </div>
  );
}
