import type { Failing, Wanted } from './check-form.ts';

export type SetupOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly sentences: readonly string[]; readonly field?: Failing['field'] };

/** The parts of a problem response that a person reads. */
function sentencesOf(problem: unknown): { readonly code: string; readonly sentences: readonly string[] } {
  const { code, title, detail } = (problem ?? {}) as Record<string, unknown>;
  const name = typeof code === 'string' ? code : '';
  const said = typeof title === 'string' ? title : 'The hub could not do it.';
  if (name === 'account.weak-password' && typeof detail === 'string') {
    return { code: name, sentences: [said, `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`] };
  }
  return { code: name, sentences: [said] };
}

const fields: Readonly<Record<string, Failing['field']>> = {
  'account.weak-password': 'password',
  'account.exists': 'email',
};

export async function sendSetup(
  request: Wanted & { readonly token: string },
  send: typeof fetch = fetch,
): Promise<SetupOutcome> {
  let answer: Response;
  try {
    answer = await send('/api/v1/auth/setup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
  } catch {
    return { kind: 'refused', sentences: ['The hub does not answer.', 'Is it still running? Try again.'] };
  }
  if (answer.ok) return { kind: 'done' };
  const { code, sentences } = sentencesOf(await answer.json().catch(() => undefined));
  const field = fields[code];
  return { kind: 'refused', sentences, ...(field !== undefined && { field }) };
}
