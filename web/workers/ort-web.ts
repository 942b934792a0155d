import wasmGlue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import gpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import { guardedSession } from '../../shared/model/guarded-session.ts';
import { ortSessions } from '../../shared/model/ort-session.ts';
import type { StartSession } from '../../shared/model/session.ts';
import { openGpuDevice } from './gpu-device.ts';

/**
 * The runtimes of the browser. Their WebAssembly comes as verified bytes; only the small script beside it is fetched from
 * its address, because every thread starts from it again.
 */

/** Parcels that hold the WebAssembly of each runtime. */
export const runtimeParcels = {
  wasm: 'runtime/ort-wasm-simd-threaded.wasm',
  // The native WebGPU provider. The older one ("jsep") computed wrong gradients without a word.
  webgpu: 'runtime/ort-wasm-simd-threaded.asyncify.wasm',
} as const;

/** May be called once in a worker: threads are fixed when the runtime starts. */
export async function wasmRuntime(binary: ArrayBuffer, threads: number): Promise<StartSession> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: wasmGlue };
  ort.env.wasm.wasmBinary = binary;
  const version = ort.env.versions.web ?? ort.env.versions.common;
  return ortSessions(ort, { name: 'onnxruntime-web', version, backend: 'wasm', threads });
}

/** @throws AppError `device.unsupported` */
export async function webgpuRuntime(binary: ArrayBuffer): Promise<StartSession> {
  const { device, lostBecause } = await openGpuDevice();
  const ort = await import('onnxruntime-web/webgpu');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { mjs: gpuGlue };
  ort.env.wasm.wasmBinary = binary;
  const version = ort.env.versions.web ?? ort.env.versions.common;
  const runtime = { name: 'onnxruntime-web', version, backend: 'webgpu', threads: 1 } as const;
  const start = ortSessions(ort, runtime, { name: 'webgpu', device });
  return async (model) => guardedSession(await start(model), lostBecause);
}
