import { z } from 'zod';
import { Explanation, Heatmap, PixelBox } from './explanation.ts';
import { Quality } from './quality.ts';

/** The result of reading one image: what `npx fieldray read --json` writes and `POST inference/predict` answers. */

const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const Share = z.number().min(0).max(1);
const Milliseconds = z.number().nonnegative();

const IntakeReason = z.strictObject({
  code: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  severity: z.enum(['refused', 'warning']),
  message: z.string(),
  advice: z.string(),
  detail: z.string().optional(),
});

const ProportionOnTest = z.strictObject({ value: Share, low: Share, high: Share, n: z.int().nonnegative() });

const FindingResult = z.strictObject({
  code: z.string(),
  name: z.string(),
  plain: z.string(),
  model: z.string(),
  modelSha256: Sha256Hex,
  logit: z.number(),
  probability: Share,
  /** `score`: the image is outside the population for which the probability is calibrated. Show it as a bare score. */
  shownAs: z.enum(['probability', 'score']),
  operatingPoint: z.strictObject({
    name: z.string(),
    threshold: Share,
    dataset: z.string(),
    sensitivity: ProportionOnTest,
    specificity: ProportionOnTest,
  }),
  positive: z.boolean(),
  advice: z.string(),
  icd10: z.array(z.string()),
  snomedCt: z.array(z.string()),
  /** Grad-CAM; absent when this device cannot compute it, and `noHeatmap` says why. */
  heatmap: Heatmap.optional(),
  noHeatmap: z.string().optional(),
  /** What was asked for beyond the result. */
  explanations: z.array(Explanation).optional(),
});

const Lungs = z.strictObject({
  model: z.string(),
  modelSha256: Sha256Hex,
  box: PixelBox,
  areaShare: Share,
  /** Closed rings in image pixels; an inner ring is a hole. */
  outline: z.array(z.array(z.tuple([z.number(), z.number()]))),
  /** What the model used to find the lungs. */
  explanations: z.array(Explanation).optional(),
});

const RuntimeUsed = z.strictObject({
  name: z.string(),
  version: z.string(),
  backend: z.enum(['cpu', 'wasm', 'webgpu']),
  threads: z.int().positive(),
});

const ModelUsed = z.strictObject({
  name: z.string(),
  version: z.string(),
  sha256: Sha256Hex,
  runtime: RuntimeUsed,
  /** This runtime repeated the model's reference vectors before it computed this result. */
  referenceCheck: z.strictObject({
    passed: z.literal(true),
    cases: z.int().positive(),
    values: z.int().positive(),
    maxError: z.number(),
  }),
  rejectedRuntimes: z.array(z.string()),
});

const Image = z.strictObject({
  /** Of the file's bytes; absent only when the file could not be opened. */
  sha256: Sha256Hex.optional(),
  /** Of the stored values and what decides their display (`shared/imaging/image-identity.ts`): the same when the file is de-identified. */
  identity: Sha256Hex.optional(),
  bytes: z.int().nonnegative(),
  format: z.enum(['dicom', 'jpeg', 'png']).optional(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  transferSyntax: z.string().optional(),
  modality: z.string().optional(),
  viewPosition: z.string().optional(),
  patientAgeYears: z.number().optional(),
  synthetic: z.boolean(),
});

export const Analysis = z
  .strictObject({
    format: z.literal(1),
    /** As given by whoever asked; absent when there is none. */
    file: z.string().optional(),
    image: Image,
    intake: z.strictObject({
      status: z.enum(['ok', 'warning', 'refused']),
      reasons: z.array(IntakeReason),
    }),
    lungs: Lungs.optional(),
    /** Absent where the picture could not be judged, and in results from before there was one. */
    quality: Quality.optional(),
    findings: z.array(FindingResult),
    provenance: z.strictObject({
      program: z.strictObject({ name: z.literal('fieldray'), version: z.string() }),
      analysedAt: z.iso.datetime(),
      models: z.array(ModelUsed),
      timesMs: z.strictObject({
        decode: Milliseconds,
        intake: Milliseconds,
        segment: Milliseconds,
        prepare: Milliseconds,
        classify: Milliseconds,
        explain: Milliseconds,
        total: Milliseconds,
      }),
    }),
    disclaimer: z.string(),
  })
  .refine((analysis) => analysis.intake.status !== 'refused' || analysis.findings.length === 0, {
    error: 'a refused image has no findings',
  });
export type Analysis = z.infer<typeof Analysis>;
export type AnalysisFinding = z.infer<typeof FindingResult>;

export const disclaimer =
  'Decision support for research and triage. Not a medical device. A person who can read chest X-rays must decide.';
