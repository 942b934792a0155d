import { AppError } from '../../kernel/errors.ts';
import { thrownAsError } from './thrown-as-error.ts';
import type { CodecName, LoadCodec } from './codec-binaries.ts';

/** What the embind wrappers of CharLS, OpenJPEG and libjpeg-turbo report about a frame. */
export interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  /** Absent in CharLS: JPEG-LS does not record a sign. */
  readonly isSigned?: boolean;
}

/** An object in WASM memory: both buffers are views that die with it or with the next growth of the memory. */
export interface WasmDecoder {
  getEncodedBuffer(byteLength: number): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

export interface ModuleOptions {
  readonly wasmBinary: Uint8Array;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
}

export type ModuleFactory<Module> = (options: ModuleOptions) => Promise<Module>;

/** Samples as a codec leaves them: interleaved, 8-bit or little-endian 16-bit containers, right-aligned. */
export interface DecodedFrame extends FrameInfo {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The words that were compressed, bit for bit. */
  readonly isExact?: true;
  /** Colour space of the samples where the codec knows it; else what the header says holds for them. */
  readonly photometric?: 'RGB' | 'YBR_FULL' | undefined;
}

export interface WasmCodec<Decoder extends WasmDecoder> {
  decode(
    stream: Uint8Array,
    loadCodec: LoadCodec,
    finish: (decoder: Decoder) => DecodedFrame,
  ): Promise<DecodedFrame>;
}

/**
 * One lazily started module per loader. Decoding itself is synchronous, so decodes that run at the same time never meet
 * inside WASM. A module that threw may have lost memory or be aborted: it is dropped and the next image gets a new one.
 */
export function wasmCodec<Module, Decoder extends WasmDecoder>(
  name: CodecName,
  factory: ModuleFactory<Module>,
  createDecoder: (module: Module) => Decoder,
): WasmCodec<Decoder> {
  const binaries = new WeakMap<LoadCodec, Promise<Uint8Array>>();
  const modules = new WeakMap<LoadCodec, Promise<Module>>();

  async function start(loadCodec: LoadCodec): Promise<Module> {
    const binary = binaries.get(loadCodec) ?? loadCodec(name);
    binaries.set(loadCodec, binary);
    const silent = (): void => undefined;
    try {
      return await factory({ wasmBinary: await binary, print: silent, printErr: silent });
    } catch (thrown) {
      binaries.delete(loadCodec);
      modules.delete(loadCodec);
      const cause = thrownAsError(thrown);
      throw new AppError('image.unreadable', `${name} could not be loaded: ${cause.message}`, { cause });
    }
  }

  return {
    async decode(stream, loadCodec, finish) {
      const starting = modules.get(loadCodec) ?? start(loadCodec);
      modules.set(loadCodec, starting);
      const module = await starting;
      try {
        const decoder = createDecoder(module);
        decoder.getEncodedBuffer(stream.length).set(stream);
        const frame = finish(decoder);
        decoder.delete();
        return frame;
      } catch (thrown) {
        modules.delete(loadCodec);
        if (thrown instanceof AppError) throw thrown;
        throw new AppError('image.damaged', `${name} could not decode the stream`, {
          cause: thrownAsError(thrown),
        });
      }
    },
  };
}
