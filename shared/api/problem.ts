import { z } from 'zod';
import { Analysis } from './analysis.ts';

/** An error as `application/problem+json` (RFC 9457). Everything after `instance` is an extension member (section 3.2). */
export const Problem = z.object({
  type: z.string(),
  /** A plain sentence for the person at the keyboard; the same for every occurrence of `code`. */
  title: z.string(),
  status: z.int().min(400).max(599),
  /** What was special about this occurrence, for support. */
  detail: z.string().optional(),
  /** The request's id, as in `X-Request-Id` and in the hub's log. */
  instance: z.string(),
  code: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  /** Whether the same request may succeed later. */
  retry: z.boolean(),
  /** The next step, as a sentence. */
  advice: z.string().optional(),
  /** With a refused image: the whole result, whose `intake.reasons` say why. */
  analysis: Analysis.optional(),
});
export type Problem = z.infer<typeof Problem>;

export const problemMediaType = 'application/problem+json';
