import type { Json } from '../kernel/canonical-json.ts';
import type { Said } from '../log/chain.ts';
import { resultKey } from '../log/fold/result-key.ts';
import type { BodyOf } from '../log/kinds.ts';
import type { LogCrypto } from '../log/log-crypto.ts';
import type { Analysis } from './analysis.ts';

const mediaTypes = { dicom: 'application/dicom', jpeg: 'image/jpeg', png: 'image/png' } as const;

export function mediaTypeOf({ image: { format } }: Pick<Analysis, 'image'>): string {
  return format === undefined ? 'application/octet-stream' : mediaTypes[format];
}

/** What a file says of whom and what it shows. */
export type ImageOrigin = Pick<BodyOf<'image.added'>, 'patient' | 'study' | 'acquiredAt'>;

/**
 * What the log keeps of a picture. @returns undefined for one that has no identity, and for one that was refused: nothing is
 * said of it
 */
export function recordedImage(
  analysis: Analysis,
  actor: string,
  origin: ImageOrigin = {},
): (Said & { readonly body: BodyOf<'image.added'> }) | undefined {
  const { identity, sha256, bytes, width, height, viewPosition } = analysis.image;
  if (identity === undefined || sha256 === undefined || analysis.intake.status === 'refused')
    return undefined;
  const body = {
    sha256,
    bytes,
    type: mediaTypeOf(analysis),
    fileName: analysis.file?.slice(0, mostFileName),
    width,
    height,
    view: viewPosition?.slice(0, mostView),
    ...origin,
  };
  return { kind: 'image.added', entity: identity, actor, body };
}

const mostFileName = 300;
const mostView = 16;

/**
 * What the log keeps of a reading: the result without its maps, which can be computed again, and without the name of the
 * file, which is not the picture's. Named for picture and models, so that the same reading twice is once.
 * @returns undefined for a picture that has no identity: there is nothing to keep it under
 */
export function recordedResult(
  analysis: Analysis,
  actor: string,
  crypto: Pick<LogCrypto, 'sha256'>,
): (Said & { readonly entity: string }) | undefined {
  const image = analysis.image.identity ?? analysis.image.sha256;
  const used = [...analysis.findings, ...(analysis.lungs === undefined ? [] : [analysis.lungs])];
  const modelSha256s = [...new Set(used.map(({ modelSha256 }) => modelSha256))].toSorted();
  if (image === undefined || modelSha256s.length === 0) return undefined;
  const { file: _file, lungs, ...rest } = analysis;
  const kept = {
    ...rest,
    findings: analysis.findings.map(
      ({ heatmap: _map, noHeatmap: _why, explanations: _more, ...finding }) => finding,
    ),
    ...(lungs !== undefined && { lungs: { ...lungs, explanations: undefined } }),
  };
  return {
    kind: 'result.added',
    entity: resultKey(image, modelSha256s, {}, crypto),
    actor,
    body: { image, modelSha256s, analysis: plain(kept) },
  };
}

/** JSON has no undefined members, and canonical JSON takes none in lists. */
function plain(analysis: object): { readonly [name: string]: Json } {
  return JSON.parse(JSON.stringify(analysis)) as { readonly [name: string]: Json };
}
