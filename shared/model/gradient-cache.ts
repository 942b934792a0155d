import type { Sha256 } from '../kernel/hash.ts';
import {
  compileGradient,
  type CompiledGradient,
  compilerVersion,
  type GradientRequest,
} from '../onnx/compile-gradient.ts';

/**
 * Keeps compiled gradients: they are the same for the same weights and request. What `get` gives may be missing or damaged
 * (it is checked), and neither call may throw: without a cache everything is compiled anew.
 */
export interface GradientCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export const noGradientCache: GradientCache = {
  get: async () => undefined,
  put: async () => undefined,
};

/**
 * @param modelSha256 of the model's bytes
 * @throws AppError `onnx.*`
 */
export async function cachedGradient(
  model: Uint8Array,
  modelSha256: string,
  request: GradientRequest,
  cache: GradientCache,
  sha256: Sha256,
): Promise<CompiledGradient> {
  const { output, layer, wantLayer, wantInput, inputDims } = request;
  const question = JSON.stringify([
    compilerVersion,
    modelSha256,
    output,
    layer,
    wantLayer,
    wantInput,
    inputDims,
  ]);
  const key = await sha256(Uint8Array.from(question, (character) => character.charCodeAt(0)));
  const kept = await cache.get(key);
  const found = kept && (await unpack(kept, sha256));
  if (found !== undefined) return found;
  const compiled = compileGradient(model, request);
  await cache.put(key, await pack(compiled, sha256));
  return compiled;
}

/** SHA-256 of the model, a line of facts, the model. */
async function pack({ bytes, ...facts }: CompiledGradient, sha256: Sha256): Promise<Uint8Array> {
  const line = `${await sha256(bytes)}${JSON.stringify(facts)}\n`;
  const packed = new Uint8Array(line.length + bytes.length);
  packed.set(Uint8Array.from(line, (character) => character.charCodeAt(0)));
  packed.set(bytes, line.length);
  return packed;
}

async function unpack(packed: Uint8Array, sha256: Sha256): Promise<CompiledGradient | undefined> {
  const end = packed.indexOf(10);
  const line = Array.from(packed.subarray(0, Math.max(0, end)), (byte) => String.fromCharCode(byte)).join('');
  const bytes = packed.slice(end + 1);
  if (line.length <= 64 || (await sha256(bytes)) !== line.slice(0, 64)) return undefined;
  return { ...(JSON.parse(line.slice(64)) as Omit<CompiledGradient, 'bytes'>), bytes };
}
