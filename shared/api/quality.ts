import { z } from 'zod';

/** How well a film was taken. Results that were stored before there was one lack it. */

const Score = z.int().min(0).max(100);
const Word = z.enum(['good', 'fair', 'poor']);

export const Quality = z.strictObject({
  /** The score of the worst part; absent where a part could not be measured. */
  total: z.strictObject({ score: Score, word: Word }).optional(),
  parts: z.array(
    z.strictObject({
      part: z.enum(['exposure', 'contrast', 'sharpness', 'coverage', 'rotation']),
      score: Score,
      word: Word,
      sentence: z.string(),
      advice: z.string().optional(),
      measured: z.record(z.string(), z.number()),
    }),
  ),
});
export type Quality = z.infer<typeof Quality>;
