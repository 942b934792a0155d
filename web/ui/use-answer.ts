import { useEffect, useEffectEvent, useState } from 'react';

/** The latest answer of `ask`; asked again when `occasion` changes. A failure counts as no answer. */
export function useAnswer<Answer>(ask: () => Promise<Answer>, occasion: unknown): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  const askNow = useEffectEvent(ask);
  useEffect(() => {
    let current = true;
    askNow().then(
      (found) => current && setAnswer(found),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [occasion]);
  return answer;
}
