import { type Analysis, disclaimer } from '../api/analysis.ts';
import type { ExplainMethod } from '../api/explanation.ts';
import type { Quality } from '../api/quality.ts';
import { carriesPhantomMark } from '../imaging/phantom-mark.ts';
import type { LoadCodec } from '../imaging/codecs/codec-binaries.ts';
import { decodeImage, type DecodedImage } from '../imaging/decode-image.ts';
import { imageIdentity } from '../imaging/image-identity.ts';
import { fileKind } from '../imaging/file-kind.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { checkHeader } from '../imaging/header-checks.ts';
import { checkColour, checkPixels } from '../imaging/intake-checks.ts';
import { intakeReason, type IntakeReason } from '../imaging/intake-reasons.ts';
import { AppError } from '../kernel/errors.ts';
import type { Sha256 } from '../kernel/hash.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ClassificationManifest, SegmentationManifest } from '../model/manifest.ts';
import { classify } from './classify.ts';
import { decodingReason } from './decoding-reason.ts';
import { withExplanations } from './explain-findings.ts';
import { filmQuality, qualityWarnings } from './film-quality.ts';
import { checkPopulation } from './population.ts';
import { type LungMask, segmentLungs } from './segment-lungs.ts';
import { type Stopwatch, stopwatch } from './stopwatch.ts';

/** Everything the pipeline needs from outside; it has no clock, no disk and no runtime of its own. */
export interface PipelineContext {
  readonly lungs: LoadedModel<SegmentationManifest>;
  readonly classifier: LoadedModel<ClassificationManifest>;
  readonly loadCodec: LoadCodec;
  readonly sha256: Sha256;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly wallClock: () => Date;
  readonly programVersion: string;
}

/** The result, and the pictures from which overlays and masks are drawn. */
export interface Reading {
  readonly analysis: Analysis;
  readonly image?: GrayImage;
  readonly lungs?: LungMask;
}

/** What a refusal is made of before anything could be computed: decoding never throws past this point. */
type Decoding = { readonly decoded: DecodedImage } | { readonly refused: IntakeReason };

/**
 * The pipeline: decode → intake checks → segment lungs → prepare → classify → calibrate → explain.
 * @param methods explanations beyond the Grad-CAM that every finding has, each with a judgement of its worth
 * An image that cannot or must not be judged is an answer (`intake.status` is `refused`, with reasons), not an error.
 * @throws AppError `model.*` when a model fails or answers nonsense
 */
export async function analyse(
  bytes: Uint8Array,
  context: PipelineContext,
  methods: readonly ExplainMethod[] = [],
): Promise<Reading> {
  const watch = stopwatch(context.now);
  const sha256 = await context.sha256(bytes);
  const opened = { bytes, sha256, context, watch };

  const decoding = await decode(bytes, context.loadCodec);
  watch.lap('decode');
  if ('refused' in decoding) return refusal(opened, [decoding.refused]);

  const { decoded } = decoding;
  const { image } = decoded;
  const identity = await imageIdentity(decoded.stored, decoded.header, context.sha256);
  const draft = { ...opened, identity };
  const known = intakeBeforeModels(decoded, bytes);
  watch.lap('intake');
  if (known.some(isRefusal)) return refusal(draft, known, decoded);

  const segmentation = await segmentLungs(image, context.lungs);
  watch.lap('segment');
  if ('refused' in segmentation) {
    const refused = withPhotometric(segmentation.refused, decoded);
    // How sharp something is that is no chest is of no use to anybody.
    const quality = refused.code === 'image.not-a-chest' ? undefined : filmQuality(image);
    return refusal(draft, [...known, refused], decoded, quality);
  }

  const { lungs } = segmentation;
  const quality = filmQuality(image, lungs);
  watch.lap('intake');
  const population = checkPopulation(decoded.header, context.classifier.manifest);
  const reasons = withoutRepeats([
    ...known,
    ...segmentation.warnings,
    ...qualityWarnings(quality),
    ...population,
  ]);
  const isInside = population.length === 0;
  const classified = await classify(image, lungs.box, context.classifier, isInside, watch);
  const findings = await withExplanations(classified, methods, context.classifier, lungs, image);
  watch.lap('explain');
  const { manifest } = context.lungs;
  return {
    image,
    lungs,
    analysis: {
      ...common(draft, decoded),
      intake: { status: reasons.length === 0 ? 'ok' : 'warning', reasons },
      lungs: {
        model: manifest.name,
        modelSha256: manifest.sha256,
        box: lungs.box,
        areaShare: lungs.areaShare,
        outline: lungs.outline.map((ring) => ring.map(([x, y]): [number, number] => [x, y])),
      },
      quality,
      findings,
    },
  };
}

/** A file that states the wrong one of MONOCHROME1 and MONOCHROME2 is shown inverted, by every program. */
function withPhotometric(refused: IntakeReason, { format, stored }: DecodedImage): IntakeReason {
  if (refused.code !== 'image.inverted' || format !== 'dicom') return refused;
  const stated = `The file states Photometric Interpretation ${stored.photometricInterpretation}; it may be the wrong one.`;
  return { ...refused, advice: `${refused.advice} ${stated}` };
}

/** Two checks may find the same; the first says it. */
function withoutRepeats(reasons: readonly IntakeReason[]): IntakeReason[] {
  return reasons.filter(({ code }, index) => reasons.findIndex((each) => each.code === code) === index);
}

/** The answer for a file that could not even be opened, in the form of every other answer. */
export function refuseUnopened(problem: AppError, context: PipelineContext): Analysis {
  const draft = { bytes: new Uint8Array(), context, watch: stopwatch(context.now) };
  return refusal(draft, [decodingReason(problem)]).analysis;
}

interface Draft {
  readonly bytes: Uint8Array;
  readonly sha256?: string;
  readonly identity?: string;
  readonly context: PipelineContext;
  readonly watch: Stopwatch;
}

const isRefusal = (reason: IntakeReason): boolean => reason.severity === 'refused';

/** A list or an archive holds no picture of its own; whoever reads folders opens them before. */
function refuseContainer(bytes: Uint8Array): void {
  const kind = fileKind('', bytes);
  if (kind === 'archive' || kind === 'dicomdir')
    throw new AppError(`image.${kind}`, 'given as a single picture');
}

async function decode(bytes: Uint8Array, loadCodec: LoadCodec): Promise<Decoding> {
  try {
    refuseContainer(bytes);
    return { decoded: await decodeImage(bytes, loadCodec) };
  } catch (cause) {
    // A missing codec is the program's fault, not the image's.
    if (cause instanceof AppError && !cause.code.startsWith('image.')) throw cause;
    return { refused: decodingReason(cause) };
  }
}

function intakeBeforeModels(
  { image, header, chroma, warnings }: DecodedImage,
  bytes: Uint8Array,
): IntakeReason[] {
  return [
    ...(carriesPhantomMark(bytes) ? [intakeReason('image.synthetic')] : []),
    ...(header === undefined ? [] : checkHeader(header)),
    ...checkColour(chroma),
    ...checkPixels(image),
    ...warnings.map(({ code, detail }) => intakeReason(code, detail)),
  ];
}

function refusal(
  draft: Draft,
  reasons: readonly IntakeReason[],
  decoded?: DecodedImage,
  quality?: Quality,
): Reading {
  const analysis: Analysis = {
    ...common(draft, decoded),
    intake: { status: 'refused', reasons: reasons.filter(isRefusal) },
    ...(quality && { quality }),
    findings: [],
  };
  return decoded === undefined ? { analysis } : { analysis, image: decoded.image };
}

function common({ bytes, sha256, identity, context, watch }: Draft, decoded: DecodedImage | undefined) {
  const models = [context.lungs, context.classifier].map(({ manifest, session, check, rejected }) => ({
    name: manifest.name,
    version: manifest.version,
    sha256: manifest.sha256,
    runtime: session.runtime,
    referenceCheck: check,
    rejectedRuntimes: [...rejected],
  }));
  return {
    format: 1 as const,
    image: {
      ...(sha256 !== undefined && { sha256 }),
      ...(identity !== undefined && { identity }),
      bytes: bytes.length,
      synthetic: carriesPhantomMark(bytes),
      ...imageFacts(decoded),
    },
    provenance: {
      program: { name: 'fieldray' as const, version: context.programVersion },
      analysedAt: context.wallClock().toISOString(),
      models,
      timesMs: watch.times(),
    },
    disclaimer,
  };
}

function imageFacts(decoded: DecodedImage | undefined) {
  if (decoded === undefined) return {};
  const { image, format, stored, header } = decoded;
  return {
    format,
    width: image.width,
    height: image.height,
    ...(stored.transferSyntax === undefined ? {} : { transferSyntax: stored.transferSyntax }),
    ...(header?.modality === undefined ? {} : { modality: header.modality }),
    ...(header?.viewPosition === undefined ? {} : { viewPosition: header.viewPosition }),
    ...(header?.patientAgeYears === undefined ? {} : { patientAgeYears: header.patientAgeYears }),
  };
}
