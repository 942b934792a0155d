import { Analysis } from '../shared/api/analysis.ts';
import { predictEndpoint } from '../shared/api/endpoints.ts';
import { Problem } from '../shared/api/problem.ts';

export interface Failure {
  readonly title: string;
  readonly advice?: string | undefined;
  readonly detail?: string | undefined;
  /** What support looks for in the hub's log. */
  readonly reference?: string | undefined;
}

/** What came of an image; `refused` carries the analysis, whose reasons say why. */
export type Prediction =
  | { readonly kind: 'read'; readonly analysis: Analysis }
  | { readonly kind: 'refused'; readonly analysis: Analysis; readonly reference: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Sends one image to the hub. Every failure is an answer; only an abort is thrown. */
export async function predict(file: File, signal: AbortSignal): Promise<Prediction> {
  const form = new FormData();
  form.append('file', file, file.name);
  try {
    const response = await fetch(predictEndpoint.path, {
      method: predictEndpoint.method,
      body: form,
      signal,
    });
    return await understand(response);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    return failed('The hub does not answer.', 'Check that it is still running, then try again.');
  }
}

async function understand(response: Response): Promise<Prediction> {
  const reference = response.headers.get('X-Request-Id') ?? undefined;
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    const analysis = Analysis.safeParse(body);
    if (analysis.success) return { kind: 'read', analysis: analysis.data };
  } else {
    const problem = Problem.safeParse(body);
    if (problem.success) return fromProblem(problem.data);
  }
  return failed(
    'The hub gave an answer that this page does not understand.',
    'Load the page again.',
    reference,
  );
}

function fromProblem({ analysis, title, advice, detail, retry, instance }: Problem): Prediction {
  if (analysis !== undefined) return { kind: 'refused', analysis, reference: instance };
  const next = advice ?? (retry ? 'Try again in a moment.' : undefined);
  return { kind: 'failed', failure: { title, advice: next, detail, reference: instance } };
}

function failed(title: string, advice: string, reference?: string): Prediction {
  return { kind: 'failed', failure: { title, advice, reference } };
}
