import { z } from 'zod';

/** What a model used for a score: maps over a part of the image, and what is known of how far they can be trusted. */

const Share = z.number().min(0).max(1);
/** Pixel-edge coordinates of the image: x to the right, y down, the whole image is 0, 0, width, height. */
export const PixelBox = z.strictObject({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() });

/** `ig`: integrated gradients from a grey picture, or from the black or blurred one that the name says. */
export const explainMethods = [
  'gradcam',
  'hirescam',
  'layercam',
  'ig',
  'ig-black',
  'ig-blurred',
  'smoothgrad',
] as const;
export const ExplainMethod = z.enum(explainMethods);
/** Names with commas between, each once, in the order in which they were asked for. */
export const ExplainMethods = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((names) => names.filter((name) => name !== ''))
  .pipe(z.array(ExplainMethod))
  .transform((methods) => [...new Set(methods)]);
export type ExplainMethod = z.infer<typeof ExplainMethod>;

export const Heatmap = z.strictObject({
  /** `class-activation-map` stands in results of version 0.1 only. */
  method: z.enum([...explainMethods, 'class-activation-map']),
  /** What the model used, not where the disease is. */
  note: z.string(),
  /** The grid covers this part of the image. */
  box: PixelBox,
  rows: z.int().positive(),
  columns: z.int().positive(),
  /** Row-major, 0–1 relative to the strongest cell; all 0 when nothing spoke for the finding. */
  values: z.array(Share),
  /** The strongest cell: its contribution to the logit, or for `smoothgrad` its slope. */
  peak: z.number(),
});
export type Heatmap = z.infer<typeof Heatmap>;

/** Mean score, in units of the logit, while the picture is taken away or brought back in the order of a map. */
const Curve = z.strictObject({ map: z.number(), random: z.number() });

/** Why a map is not to be relied on. */
const Shortcoming = z.enum([
  'empty',
  'no-better-than-random',
  'seldom-better-than-random',
  'outside-lungs',
  'incomplete',
  'sanity-check',
]);
export type Shortcoming = z.infer<typeof Shortcoming>;

export const Explanation = z.strictObject({
  ...Heatmap.shape,
  /** Share of the map that lies in the lungs, and of the box that is lung: what chance would give. */
  insideLungs: Share,
  lungsInBox: Share,
  /** Petsiuk 2018. */
  deletion: Curve,
  insertion: Curve,
  /** Of integrated gradients: how far the map is from adding up to the difference that it explains. */
  completeness: z
    .strictObject({ steps: z.int().positive(), difference: z.number(), gap: z.number().nonnegative() })
    .optional(),
  /** Adebayo 2018: whether this kind of map changes when the model's weights are shuffled; once for each model. */
  sanityCheck: z
    .strictObject({
      similarity: z.number(),
      images: z.int().positive(),
      passed: z.boolean(),
      /** Share of those images on which such a map beat random ones. */
      betterThanRandom: Share,
    })
    .optional(),
  shortcomings: z.array(Shortcoming),
});
export type Explanation = z.infer<typeof Explanation>;
