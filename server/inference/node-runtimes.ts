import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ortSessions } from '../../shared/model/ort-session.ts';
import type { StartSession } from '../../shared/model/session.ts';

const require = createRequire(import.meta.url);

/** The native runtime: `run` blocks the thread that calls it, so it belongs into a child process. */
export async function nativeRuntime(threads = 1): Promise<StartSession> {
  // Since 1.29 the native runtime reports its use over the network unless this is set before it is loaded
  // (onnxruntime#27379). Nothing leaves the device.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const ort = await import('onnxruntime-node');
  const version = ort.env.versions.node ?? ort.env.versions.common;
  return ortSessions(ort, { name: 'onnxruntime-node', version, backend: 'cpu', threads });
}

/** The same runtime as in the browser, one thread: what is left when the native one fails or computes wrongly. */
export async function wasmRuntime(): Promise<StartSession> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  // The bytes, not their address: in Node the loader can read neither a file: URL nor a path.
  const wasm = await readFile(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  ort.env.wasm.wasmBinary = new Uint8Array(wasm).buffer;
  const version = ort.env.versions.web ?? ort.env.versions.common;
  return ortSessions(ort, { name: 'onnxruntime-web', version, backend: 'wasm', threads: 1 });
}

/** Loads a runtime only when its turn comes: the fallback is rarely needed and large. */
function lazily(load: () => Promise<StartSession>): StartSession {
  return async (model) => (await load())(model);
}

/** In order of preference. */
export const nodeRuntimes: readonly StartSession[] = [lazily(nativeRuntime), lazily(wasmRuntime)];
