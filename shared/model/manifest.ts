import { z } from 'zod';

/** What a model says of itself: `models/NAME/manifest.json`. Nothing about a model is known that is not written here. */

const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A share with its 95 % confidence interval and the number of cases behind it. */
export const Proportion = z.strictObject({
  value: z.number().min(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
  n: z.int().nonnegative(),
});
export type Proportion = z.infer<typeof Proportion>;

const OperatingPoint = z.strictObject({
  name: z.string().min(1),
  /** On the calibrated probability: positive when probability ≥ threshold. */
  threshold: z.number().min(0).max(1),
  /** An operating point belongs to one set of weights and means nothing with another. */
  modelSha256: Sha256Hex,
  dataset: z.string().min(1),
  sensitivity: Proportion,
  specificity: Proportion,
});
export type OperatingPoint = z.infer<typeof OperatingPoint>;

/** Platt scaling: probability = 1 / (1 + exp(−(slope · logit + intercept))). Platt 1999. */
const PlattCalibration = z.strictObject({
  kind: z.literal('platt'),
  slope: z.number().positive(),
  intercept: z.number(),
  dataset: z.string().min(1),
  n: z.int().positive(),
  positives: z.int().positive(),
  expectedCalibrationError: z.number().min(0).max(1),
});
export type PlattCalibration = z.infer<typeof PlattCalibration>;

const Finding = z
  .strictObject({
    code: z.string().regex(/^[a-z][a-z0-9-]*$/),
    name: z.string().min(1),
    plain: z.string().min(1),
    advice: z.strictObject({ positive: z.string().min(1), negative: z.string().min(1) }),
    icd10: z.array(z.string().min(1)),
    snomedCt: z.array(z.string().min(1)),
    calibration: PlattCalibration,
    operatingPoints: z.array(OperatingPoint).min(1),
    defaultOperatingPoint: z.string().min(1),
  })
  .refine(
    (finding) => finding.operatingPoints.some((point) => point.name === finding.defaultOperatingPoint),
    {
      error: 'defaultOperatingPoint names none of the operatingPoints',
    },
  );
export type Finding = z.infer<typeof Finding>;

const Population = z.strictObject({
  description: z.string().min(1),
  minAgeYears: z.number().nonnegative(),
  /** Inclusive in whole years: a child of 5 years and 11 months is inside a population up to 5. */
  maxAgeYears: z.number().nonnegative(),
});
export type Population = z.infer<typeof Population>;

const common = {
  format: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  file: z.string().regex(/^[A-Za-z0-9._-]+$/),
  sha256: Sha256Hex,
  bytes: z.int().positive(),
  targetLayer: z.string().min(1),
  population: Population,
  intendedUse: z.string().min(1),
  limits: z.array(z.string().min(1)).min(1),
  licence: z.string().min(1),
  /** Whether maps change when the weights are shuffled (Adebayo 2018); `npx fieldray models sanity` writes it. */
  explanationChecks: z
    .array(
      z.strictObject({
        method: z.string().min(1),
        /** Median size of the rank correlation of the map with those of shuffled networks. */
        similarity: z.number().min(0).max(1),
        images: z.int().positive(),
        passed: z.boolean(),
        /** Share of the images on which the map beat every one of several random ones (Petsiuk 2018). */
        betterThanRandom: z.number().min(0).max(1),
        /** Median over the images, at 64 steps; of integrated gradients only. */
        completenessGap: z.number().nonnegative().optional(),
        modelSha256: Sha256Hex,
      }),
    )
    .optional(),
  trainingData: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        licence: z.string().min(1),
        source: z.string().min(1),
        images: z.int().positive(),
        patients: z.int().positive(),
      }),
    )
    .min(1),
};

const inputCommon = {
  name: z.string().min(1),
  /** NCHW; one grey image at a time. */
  shape: z.tuple([z.literal(1), z.literal(1), z.int().positive(), z.int().positive()]),
  /** (x − mean) / max(std, minStd) over the tensor's own pixels. */
  normalisation: z.strictObject({ kind: z.literal('standardise'), minStd: z.number().positive() }),
};

export const ClassificationManifest = z
  .strictObject({
    ...common,
    task: z.literal('classification'),
    /** The box around the lungs, grown by `marginShare` of its size on each side. */
    input: z.strictObject({
      ...inputCommon,
      region: z.literal('lungs'),
      marginShare: z.number().min(0).max(1),
    }),
    outputs: z.strictObject({ logits: z.string(), activation: z.string(), weights: z.string() }),
    findings: z.array(Finding).min(1),
  })
  .refine(
    (manifest) =>
      manifest.findings.every((finding) =>
        finding.operatingPoints.every((point) => point.modelSha256 === manifest.sha256),
      ),
    { error: 'an operating point belongs to other weights' },
  );
export type ClassificationManifest = z.infer<typeof ClassificationManifest>;

export const SegmentationManifest = z.strictObject({
  ...common,
  task: z.literal('segmentation'),
  input: z.strictObject({ ...inputCommon, region: z.literal('image') }),
  outputs: z.strictObject({ mask: z.string(), view: z.string() }),
  findings: z.array(Finding).length(0),
  segmentation: z.strictObject({
    structure: z.literal('lungs'),
    /** On the mask's logit. */
    threshold: z.number(),
    /** Parts smaller than this share of the largest are dropped. */
    minComponentShare: z.number().min(0).max(1),
  }),
  view: z.strictObject({
    classes: z.tuple([
      z.literal('frontal'),
      z.literal('inverted'),
      z.literal('rotated'),
      z.literal('not-a-chest'),
    ]),
    minFrontalProbability: z.number().min(0).max(1),
  }),
});
export type SegmentationManifest = z.infer<typeof SegmentationManifest>;

export const ModelManifest = z.discriminatedUnion('task', [ClassificationManifest, SegmentationManifest]);
export type ModelManifest = z.infer<typeof ModelManifest>;
