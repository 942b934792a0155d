import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { recordedImage, recordedResult } from '../../../shared/api/recorded-reading.ts';
import { append } from '../../../shared/log/device-log.ts';
import { imageOrigin } from '../../../shared/imaging/header/image-origin.ts';
import type { InferencePool } from '../../inference/pool-api.ts';
import { nodeCrypto } from '../../keys/node-crypto.ts';
import { fileProblem } from '../file-problem.ts';
import { keepBlob } from './blob-folder.ts';
import type { DeviceHome } from './device-home.ts';

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
    const origin = imageOrigin(bytes, (text, label) => new TextDecoder(label).decode(text));
    const image = recordedImage(analysis, file.user, origin);
    if (image === undefined) {
      refused++;
      lines.push(`refused  ${path}: ${analysis.intake.reasons[0]?.message ?? 'it cannot be read'}\n`);
      continue;
    }
    const { sha256, type } = image.body;
    await keepBlob(home, sealer, sha256, bytes);
    const result = recordedResult(analysis, file.user, nodeCrypto);
    const blob = { sha256, bytes: bytes.length, type };
    await append(parts, result === undefined ? [image] : [image, result], [blob]);
    lines.push(`added    ${image.entity.slice(0, 12)}  ${path}\n`);
  }
  return { lines, refused };
}
