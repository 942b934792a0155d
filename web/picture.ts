import type { GrayImage } from '../shared/imaging/gray-image.ts';

/**
 * The picture as the models see it, decoded by the same code as on the hub. Undefined when it cannot be decoded: then the
 * hub says why. The decoders are loaded with the first picture.
 */
export async function decodePicture(file: Blob): Promise<GrayImage | undefined> {
  const [{ decodeImage }, { fetchCodec }, bytes] = await Promise.all([
    import('../shared/imaging/decode-image.ts'),
    import('./codec-urls.ts'),
    file.arrayBuffer(),
  ]);
  try {
    return (await decodeImage(new Uint8Array(bytes), fetchCodec)).image;
  } catch {
    return undefined;
  }
}
