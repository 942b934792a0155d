// The transfer syntaxes of PS3.6 annex A, by how their pixel data is read.

export const nativeSyntaxes = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
} as const;

export type PixelEncoding = 'native' | 'rle' | 'deflated-frames' | 'stream';

const natives: ReadonlySet<string> = new Set(Object.values(nativeSyntaxes));
const jpegFamily = '1.2.840.10008.1.2.4.';

/** By the last part of 1.2.840.10008.1.2.4.n: films and network references, and codings that no decoder here knows. */
const unreadable: Readonly<Record<string, string>> = {
  92: 'JPEG 2000 Part 2 multi-component, lossless',
  93: 'JPEG 2000 Part 2 multi-component',
  94: 'JPIP Referenced',
  95: 'JPIP Referenced Deflate',
  100: 'MPEG2 Main Profile / Main Level',
  101: 'MPEG2 Main Profile / High Level',
  102: 'MPEG-4 AVC/H.264 High Profile / Level 4.1',
  103: 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1',
  104: 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video',
  105: 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video',
  106: 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2',
  107: 'HEVC/H.265 Main Profile / Level 5.1',
  108: 'HEVC/H.265 Main 10 Profile / Level 5.1',
  110: 'JPEG XL Lossless',
  111: 'JPEG XL JPEG Recompression',
  112: 'JPEG XL',
  204: 'JPIP HTJ2K Referenced',
  205: 'JPIP HTJ2K Referenced Deflate',
};

const otherUnreadable: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.6.1': 'RFC 2557 MIME encapsulation',
  '1.2.840.10008.1.2.6.2': 'XML Encoding',
  '1.2.840.10008.1.2.7.1': 'SMPTE ST 2110-20 Uncompressed Progressive Active Video',
  '1.2.840.10008.1.2.7.2': 'SMPTE ST 2110-20 Uncompressed Interlaced Active Video',
  '1.2.840.10008.1.2.7.3': 'SMPTE ST 2110-30 PCM Digital Audio',
};

/** How the pixel data is read; else the name of a syntax that cannot be. */
export function pixelEncoding(
  transferSyntax: string,
): { readonly encoding: PixelEncoding } | { readonly unreadable: string } {
  if (natives.has(transferSyntax)) return { encoding: 'native' };
  if (transferSyntax === '1.2.840.10008.1.2.5') return { encoding: 'rle' };
  if (transferSyntax === '1.2.840.10008.1.2.8.1') return { encoding: 'deflated-frames' };
  const number = transferSyntax.startsWith(jpegFamily) ? transferSyntax.slice(jpegFamily.length) : '';
  const name = unreadable[number] ?? otherUnreadable[transferSyntax];
  if (name !== undefined) return { unreadable: name };
  // 50 to 70 JPEG, 80 and 81 JPEG-LS, 90 and 91 JPEG 2000, 201 to 203 HTJ2K; the stream itself says which.
  if (/^(5\d|6\d|70|8[01]|9[01]|20[123])$/.test(number)) return { encoding: 'stream' };
  return { unreadable: 'unknown' };
}
