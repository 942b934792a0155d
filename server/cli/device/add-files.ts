import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Analysis } from '../../../shared/api/analysis.ts';
import type { Json } from '../../../shared/kernel/canonical-json.ts';
import type { Said } from '../../../shared/log/chain.ts';
import { append } from '../../../shared/log/device-log.ts';
import { resultKey } from '../../../shared/log/fold/result-key.ts';
import type { InferencePool } from '../../inference/pool-api.ts';
import { nodeCrypto } from '../../keys/node-crypto.ts';
import { fileProblem } from '../file-problem.ts';
import { keepBlob } from './blob-folder.ts';
import type { DeviceHome } from './device-home.ts';

const mediaTypes = { dicom: 'application/dicom', jpeg: 'image/jpeg', png: 'image/png' } as const;

/** Reads files and records each picture with its result. @returns what the person is told, and how many were refused */
export async function addFiles(
  home: string,
  { file, parts, sealer }: DeviceHome,
  paths: readonly string[],
  pool: InferencePool,
): Promise<{ readonly lines: readonly string[]; readonly refused: number }> {
  const lines: string[] = [];
  let refused = 0;
  for (const path of paths) {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw fileProblem(path, cause);
    });
    const { analysis } = await pool.read({ source: { bytes }, file: basename(path) });
    const { identity, sha256 } = analysis.image;
    if (identity === undefined || sha256 === undefined || analysis.intake.status === 'refused') {
      refused++;
      lines.push(`refused  ${path}: ${analysis.intake.reasons[0]?.message ?? 'it cannot be read'}\n`);
      continue;
    }
    await keepBlob(home, sealer, sha256, bytes);
    const type = typeOf(analysis);
    await append(parts, entriesOf(analysis, { identity, sha256, type }, file.user), [
      { sha256, bytes: bytes.length, type },
    ]);
    lines.push(`added    ${identity.slice(0, 12)}  ${path}\n`);
  }
  return { lines, refused };
}

function typeOf({ image: { format } }: Analysis): string {
  return format === undefined ? 'application/octet-stream' : mediaTypes[format];
}

function entriesOf(
  analysis: Analysis,
  { identity, sha256, type }: { readonly identity: string; readonly sha256: string; readonly type: string },
  actor: string,
): Said[] {
  const { bytes, width, height, viewPosition } = analysis.image;
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
