import { type SyntheticEvent, useState } from 'react';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { ProblemText } from '../../engine/engine-state.ts';
import { problemText } from '../../engine/problem-text.ts';

export interface FormTask {
  readonly isBusy: boolean;
  readonly problem: ProblemText | undefined;
  readonly onSubmit: (event: SyntheticEvent<HTMLFormElement>) => void;
}

/** When it may be tried again, where a refusal says so. */
function withWait(thrown: unknown): ProblemText {
  const text = problemText(thrown);
  const waitMs = thrown instanceof AppError ? Number(thrown.details?.['retryAfterMs']) : Number.NaN;
  if (!(waitMs > 0)) return text;
  const seconds = Math.ceil(waitMs / 1000);
  const words = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return { ...text, advice: `Try again in ${words}.` };
}

/** One form whose fields are read when it is sent, and never kept. */
export function useFormTask(send: (fields: ReadonlyMap<string, string>) => Promise<unknown>): FormTask {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemText>();
  async function run(form: HTMLFormElement): Promise<void> {
    const fields = new Map(
      [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
    );
    setBusy(true);
    setProblem(undefined);
    try {
      await send(fields);
    } catch (error) {
      setProblem(withWait(error));
    } finally {
      setBusy(false);
    }
  }
  return {
    isBusy,
    problem,
    onSubmit(event) {
      event.preventDefault();
      if (!isBusy) void run(event.currentTarget);
    },
  };
}
