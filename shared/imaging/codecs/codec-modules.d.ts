// The codec packages ship no types.

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const createModule: import('./wasm-codec.ts').ModuleFactory<import('./charls.ts').CharLsModule>;
  export default createModule;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const createModule: import('./wasm-codec.ts').ModuleFactory<import('./openjpeg.ts').OpenJpegModule>;
  export default createModule;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const createModule: import('./wasm-codec.ts').ModuleFactory<
    import('./libjpeg-turbo.ts').LibJpegTurboModule
  >;
  export default createModule;
}

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const createModule: import('./wasm-codec.ts').ModuleFactory<import('./openjph.ts').OpenJphModule>;
  export default createModule;
}
