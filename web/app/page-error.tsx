import { Component, type ReactNode } from 'react';
import { pageErrors, textOf } from './page-errors.ts';
import { useObservable } from './services-context.tsx';

export function PageError({ text }: { readonly text: string }) {
  return (
    <div className="notice refused page-error" role="alert">
      <p className="notice-title">Something went wrong in this page.</p>
      <p>Load the page again, and try once more.</p>
      <details>
        <summary>For support</summary>
        <pre tabIndex={0}>{text}</pre>
      </details>
      <button type="button" className="button" onClick={() => location.reload()}>
        Load the page again
      </button>
    </div>
  );
}

/** What nobody caught outside the drawing of the page: the page itself still stands. */
export function PageErrorBar() {
  const text = useObservable(pageErrors);
  return text === undefined ? null : <PageError text={text} />;
}

interface BoundaryState {
  readonly text?: string;
}

/** Instead of a white page. React offers this to classes only. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { text: textOf(thrown) };
  }

  override render(): ReactNode {
    const { text } = this.state;
    return text === undefined ? this.props.children : <PageError text={text} />;
  }
}
