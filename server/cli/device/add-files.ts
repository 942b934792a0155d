import { basename } from 'node:path';
import type { Analysis } from '../../../shared/api/analysis.ts';
import type { Json } from '../../../shared/kernel/canonical-json.ts';
import type { Said } from '../../../shared/log/chain.ts';
import { append } from '../../../shared/log/device-log.ts';
import { resultKey } from '../../../shared/log/fold/result-key.ts';
import type { InferencePool } from '../../inference/pool-api.ts';
import { nodeCrypto } from '../../keys/node-crypto.ts';
import type { DeviceHome } from './device-home.ts';

const mediaTypes = { dicom: 'application/dicom', jpeg: 'image/jpeg', png: 'image/png' } as const;

/** Reads files and records each picture with its result. @returns what the person is told, and how many were refused */
export async function addFiles(
  { file, parts }: DeviceHome,
  paths: readonly string[],
  pool: InferencePool,
): Promise<{ readonly lines: readonly string[]; readonly refused: number }> {
  const lines: string[] = [];
  let refused = 0;
  for (const path of paths) {
    const { analysis } = await pool.read({ source: { path }, file: basename(path) });
    const { identity } = analysis.image;
    if (identity === undefined || analysis.intake.status === 'refused') {
      refused++;
      lines.push(`refused  ${path}: ${analysis.intake.reasons[0]?.message ?? 'it cannot be read'}\n`);
      continue;
    }
    await append(parts, entriesOf(analysis, identity, file.user));
    lines.push(`added    ${identity.slice(0, 12)}  ${path}\n`);
  }
  return { lines, refused };
}

function entriesOf(analysis: Analysis, identity: string, actor: string): Said[] {
  const { sha256 = '', bytes, format, width, height, viewPosition } = analysis.image;
  const type = format === undefined ? 'application/octet-stream' : mediaTypes[format];
  const image = { sha256, bytes, type, fileName: analysis.file, width, height, view: viewPosition };
  const added: Said = { kind: 'image.added', entity: identity, actor, body: image };
  const modelSha256s = analysis.provenance.models.map((model) => model.sha256);
  if (modelSha256s.length === 0) return [added];
  const findings = analysis.findings.map((finding) => ({
    ...finding,
    heatmap: undefined,
    explanations: undefined,
  }));
  const result = {
    image: identity,
    modelSha256s,
    parameters: {},
    analysis: plain({ ...analysis, findings }),
  };
  const entity = resultKey(identity, modelSha256s, {}, nodeCrypto);
  return [added, { kind: 'result.added', entity, actor, body: result }];
}

/** Without members that are undefined, as it will be read back. */
function plain(analysis: object): { readonly [name: string]: Json } {
  return JSON.parse(JSON.stringify(analysis)) as { readonly [name: string]: Json };
}
