export type CodecName = 'charls' | 'openjpeg' | 'openjph' | 'libjpeg-turbo';

/**
 * Port: the bytes of one codec's WASM file. May be called once per codec; the codec keeps the result and does not
 * change it. Throws what the platform throws; a failed load is tried again at the next image.
 */
export type LoadCodec = (name: CodecName) => Promise<Uint8Array>;
