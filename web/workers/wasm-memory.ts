/**
 * How much WebAssembly memory this worker has taken. It never shrinks (onnxruntime#21574, #25195), and a worker has no
 * other way to ask: `measureUserAgentSpecificMemory` is not there. Has to be imported before a runtime is loaded.
 */
const memories: WebAssembly.Memory[] = [];

class CountedMemory extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
}
WebAssembly.Memory = CountedMemory;

export function wasmMemoryBytes(): number {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
