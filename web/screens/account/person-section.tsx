import { useServices } from '../../app/services-context.tsx';
import type { RecordsStatus } from '../../engine/records-api.ts';
import { Facts } from '../../ui/facts.tsx';
import { momentInWords } from '../../ui/words.ts';

const roles = { user: 'user', doctor: 'doctor', admin: 'administrator' } as const;

function grantInWords(role: keyof typeof roles, endsAt: number | undefined): string {
  if (role === 'user') return 'reviews are signed by doctors';
  return endsAt === undefined
    ? 'not without the hub: sync once to be allowed again'
    : `without the hub until ${momentInWords(endsAt)}`;
}

/** Who works here, and until when readings may be signed without the hub. */
export function PersonSection({ open }: { readonly open: NonNullable<RecordsStatus['open']> }) {
  const { records } = useServices();
  const { person, clinic, device, grantEndsAt } = open;
  return (
    <section className="card" aria-labelledby="person-title">
      <h2 id="person-title">Signed in</h2>
      <Facts
        facts={[
          ['Who', `${person.email}, ${roles[person.role]}`],
          ['Clinic', clinic.name],
          ['Signing reviews', grantInWords(person.role, grantEndsAt)],
          ['This device', <code key="device">{device}</code>],
        ]}
      />
      <button type="button" className="button" onClick={() => void records.lock()}>
        Lock this device
      </button>
      <p className="hint">
        It also locks by itself when nobody is there. Everything stays on it, and your password opens it again
        without a network.
      </p>
    </section>
  );
}
