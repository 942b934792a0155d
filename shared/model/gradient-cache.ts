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
  const key = await sha256(asBytes(encodeURIComponent(question)));
  const kept = await cache.get(key);
  const found = kept && (await unpack(kept, sha256));
  if (found !== undefined) return found;
  const compiled = compileGradient(model, request);
  await cache.put(key, await pack(compiled, sha256));
  return compiled;
}

const hashLength = 64;

/** Of text in ASCII. */
const asBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** SHA-256 of what follows; a line of facts, escaped; the model. */
async function pack({ bytes, ...facts }: CompiledGradient, sha256: Sha256): Promise<Uint8Array> {
  const line = asBytes(`${encodeURIComponent(JSON.stringify(facts))}\n`);
  const packed = new Uint8Array(hashLength + line.length + bytes.length);
  packed.set(line, hashLength);
  packed.set(bytes, hashLength + line.length);
  packed.set(asBytes(await sha256(packed.subarray(hashLength))));
  return packed;
}

/** Undefined for anything that `pack` has not made, or not so. */
async function unpack(packed: Uint8Array, sha256: Sha256): Promise<CompiledGradient | undefined> {
  const text = (from: number, to: number): string =>
    Array.from(packed.subarray(from, to), (byte) => String.fromCharCode(byte)).join('');
  const end = packed.indexOf(10, hashLength);
  if (end < 0 || (await sha256(packed.subarray(hashLength))) !== text(0, hashLength)) return undefined;
  const facts = JSON.parse(decodeURIComponent(text(hashLength, end))) as Omit<CompiledGradient, 'bytes'>;
  return { ...facts, bytes: packed.slice(end + 1) };
}
