import { Fragment, type ReactNode } from 'react';

export type Fact = readonly [term: string, description: ReactNode];

/** Terms may repeat; their order is what tells them apart. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([term, description], index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the list never changes its order
        <Fragment key={index}>
          <dt>{term}</dt>
          <dd>{description}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
