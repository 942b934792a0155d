import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { AppError } from '../../shared/kernel/errors.ts';
import type { CodecName, LoadCodec } from '../../shared/imaging/codecs/codec-binaries.ts';

const specifiers: Readonly<Record<CodecName, string>> = {
  charls: '@cornerstonejs/codec-charls/decodewasm',
  openjpeg: '@cornerstonejs/codec-openjpeg/decodewasm',
  openjph: '@cornerstonejs/codec-openjph/wasm',
  'libjpeg-turbo': '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
};

const { resolve } = createRequire(import.meta.url);

/** The WASM files as npm installed them; resolved through each package's exports, so hoisting does not matter. */
export const loadCodecFile: LoadCodec = async (name) => {
  try {
    return await readFile(resolve(specifiers[name]));
  } catch (cause) {
    throw new AppError('server.internal', `the codec ${name} is missing`, { cause });
  }
};
