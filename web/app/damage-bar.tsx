import { damageInWords, lossInWords } from '../screens/account/damage-words.ts';
import { hrefOf, type Route } from './route.ts';
import { useObservable, useServices } from './services-context.tsx';

/** On every other screen: that the records of this device are damaged, or that some were lost. */
export function DamageBar({ route }: { readonly route: Route }) {
  const { records, ledger } = useServices();
  const status = useObservable(records.status);
  const noted = useObservable(ledger.ledger);
  const damage = status && damageInWords(status, noted);
  const loss = noted?.lost && lossInWords(noted.lost);
  const title = damage?.title ?? (loss?.isKnown === true ? loss.title : undefined);
  return (
    <div role="status">
      {title !== undefined && route.screen !== 'account' && (
        <div className="bar alarm">
          <p>{title}</p>
          <a className="button" href={hrefOf({ screen: 'account' })}>
            What to do
          </a>
        </div>
      )}
    </div>
  );
}
