import { Icon, type IconName } from '../ui/icon.tsx';
import { onlyHereInWords, syncInWords } from '../screens/account/sync-words.ts';
import type { RecordsStatus } from '../engine/records-api.ts';
import { hrefOf } from './route.ts';
import { useObservable, useServices } from './services-context.tsx';

interface Shown {
  readonly icon: IconName;
  readonly text: string;
  /** For who cannot see it. */
  readonly words: string;
}

function shown({ vault, open, sync }: RecordsStatus): Shown {
  if (open === undefined) {
    return vault === 'none'
      ? { icon: 'next', text: 'Sign in', words: 'Nobody is signed in.' }
      : { icon: 'refused', text: 'Unlock', words: 'This device is locked.' };
  }
  const only = { records: open.counts.outbox, pictures: open.files };
  const { kind, title } = syncInWords(sync, only, open.broken);
  const name = open.person.email.split('@')[0]!;
  const words = `${title} ${onlyHereInWords(only)}`;
  if (kind === 'stopped') return { icon: 'doubt', text: `${name} · not syncing`, words };
  const count = only.records + only.pictures;
  return count === 0
    ? { icon: kind === 'settled' ? 'ready' : 'waiting', text: name, words }
    : { icon: 'waiting', text: `${name} · ${count.toLocaleString('en')} only here`, words };
}

/** Who works here, and whether everything has reached the hub. Nothing where records cannot be kept. */
export function AccountChip() {
  const status = useObservable(useServices().records.status);
  if (status === undefined) return null;
  const { icon, text, words } = shown(status);
  return (
    <div className="account">
      <a className="chip" href={hrefOf({ screen: 'account' })}>
        <Icon name={icon} />
        {text}
      </a>
      <p className="hidden-text" role="status">
        {words}
      </p>
    </div>
  );
}
