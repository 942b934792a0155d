import { createHash } from 'node:crypto';
import type { Analysis } from '../../shared/api/analysis.ts';
import type { Json } from '../../shared/kernel/canonical-json.ts';
import { resultKey } from '../../shared/log/fold/result-key.ts';
import type { Fact } from '../store/hub-log-api.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/**
 * What the log keeps of a reading: the result without its maps, which can be computed again, and without the name of the
 * file, which is not the picture's. Named for picture and models, so that the same reading twice is once.
 * @returns undefined for a picture that has no identity: there is nothing to keep it under
 */
export function readingFact(analysis: Analysis, actor: string): Fact | undefined {
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
    entity: resultKey(image, modelSha256s, {}, { sha256 }),
    actor,
    // JSON has no undefined members, and canonical JSON takes none in lists.
    body: { image, modelSha256s, analysis: JSON.parse(JSON.stringify(kept)) as Json },
  };
}
