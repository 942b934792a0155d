import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Analysis } from '../../shared/api/analysis.ts';
import { type Problem, problemMediaType } from '../../shared/api/problem.ts';
import { AppError, describeThrown, errorEntry, isErrorCode } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';

/** The one writer of problem responses (RFC 9457). */

type ProblemFacts = Omit<Problem, 'type' | 'instance'> & { readonly logMessage?: string };

function write(
  c: Context<AppEnv>,
  { logMessage, ...facts }: ProblemFacts,
  extraHeaders: Readonly<Record<string, string>> = {},
): Response {
  c.set('problem', { code: facts.code, ...(logMessage === undefined ? {} : { logMessage }) });
  const problem: Problem = {
    type: `urn:fieldray:problem:${facts.code}`,
    instance: c.get('requestId'),
    ...facts,
  };
  const headers = { 'Content-Type': problemMediaType, ...extraHeaders };
  return Response.json(problem, { status: facts.status, headers });
}

function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = describeThrown(thrown);
  if (!(thrown instanceof HTTPException) || thrown.status >= 500) {
    return new AppError('server.internal', message, { cause: thrown });
  }
  if (thrown.status === 404) return new AppError('request.not-found', message, { cause: thrown });
  if (thrown.status === 413) return new AppError('request.too-large', message, { cause: thrown });
  return new AppError('request.invalid', message, { cause: thrown });
}

/** Anything thrown. What went wrong inside the hub is told to the log only. */
export function problemResponse(c: Context<AppEnv>, thrown: unknown): Response {
  const { code, message, details } = asAppError(thrown);
  const entry = errorEntry(code);
  if (entry.status >= 500) return write(c, { code, ...entry, logMessage: message });
  return write(c, { code, ...entry, detail: message }, headersFor(code, details));
}

/** RFC 9110 sections 10.2.3 and 11.6.1: when to come again, and how to show who one is. */
function headersFor(code: string, { retryAfterS }: AppError['details']): Record<string, string> {
  return {
    ...(typeof retryAfterS === 'number' && { 'Retry-After': String(retryAfterS) }),
    ...(code === 'account.signed-out' && { 'WWW-Authenticate': 'Bearer' }),
  };
}

/**
 * A refused image is answered as an error, so that a client that looks at the status alone cannot take it for a reading;
 * the analysis goes along.
 */
export function refusalResponse(c: Context<AppEnv>, analysis: Analysis): Response {
  const [reason] = analysis.intake.reasons;
  if (reason === undefined) throw new TypeError('a refusal without a reason');
  const { code, message: title, advice, detail } = reason;
  const status = isErrorCode(code) ? errorEntry(code).status : 422;
  return write(c, {
    code,
    title,
    status,
    retry: false,
    advice,
    ...(detail === undefined ? {} : { detail }),
    analysis,
  });
}
