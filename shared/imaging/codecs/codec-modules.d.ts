// The codec packages ship no types, or a `types` field that points nowhere (jpeg-lossless-decoder-js 2.1.2).

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

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    readonly stream: { readonly index: number } | null;
    readonly yDim: number;
    readonly yLoc: number;
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
    ): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  }
}
