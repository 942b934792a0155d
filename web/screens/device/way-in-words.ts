import type { Backend } from '../../engine/engine-state.ts';
import { countInWords } from '../../ui/words.ts';

interface Way {
  readonly backend: Backend;
  readonly threads: number;
}

/** One way to compute a model, for people. */
export function wayInWords({ backend, threads }: Way): string {
  if (backend === 'webgpu') return 'graphics processor (WebGPU)';
  return `processor (WebAssembly, ${countInWords(threads, 'thread', 'threads')})`;
}
