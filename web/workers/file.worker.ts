import { readDicomTree } from '../../shared/imaging/data-set/dicom-tree.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import { statedBurnedIn } from '../../shared/imaging/deidentify/burned-in.ts';
import { deidentifyFile } from '../../shared/imaging/deidentify/deidentify-file.ts';
import { proposeMasks } from '../../shared/imaging/deidentify/propose-masks.ts';
import type { ClinicHmac } from '../../shared/imaging/deidentify/pseudonyms.ts';
import { vrByDictionary } from '../../shared/imaging/header/data-dictionary.ts';
import { headerRows } from '../../shared/imaging/header/header-rows.ts';
import { detectFormat } from '../../shared/imaging/image-format.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { ExportPreview, FileApi } from '../engine/file-api.ts';
import { serve, transfer } from '../engine/worker-rpc.ts';
import { fetchCodec } from './codec-urls.ts';
import { thumbnailOf } from './thumbnail-file.ts';

/** Reads what a file says of its patient, and takes it out. */

/** Wide enough to read what is written in the picture. */
const previewSide = 1600;

const api: FileApi = {
  async header(file) {
    const bytes = new Uint8Array(file);
    const format = formatOf(bytes);
    if (format !== 'dicom') return { format, rows: [] };
    const tree = readDicomTree(bytes, vrByDictionary);
    const rows = headerRows(tree, (text, label) => new TextDecoder(label).decode(text));
    return { format, rows, ...(tree.problem !== undefined && { problem: tree.problem.code }) };
  },
  async preview(file, frame) {
    const bytes = new Uint8Array(file);
    const { image, stored } = await decodeImage(bytes, fetchCodec, { frame });
    const { buffer } = thumbnailOf(image, previewSide);
    const preview: ExportPreview = {
      width: image.width,
      height: image.height,
      frames: stored.frames,
      png: buffer,
      burnedIn: burnedInOf(bytes),
      hasHeader: formatOf(bytes) === 'dicom',
      proposals: proposeMasks(image),
    };
    return transfer(preview, [buffer]);
  },
  async deidentify(file, { key, ...options }) {
    const hmac = await hmacOf(key);
    const found = await deidentifyFile(
      new Uint8Array(file),
      { ...options, policy: 'pseudonym', hmac },
      fetchCodec,
    );
    return transfer({ ...found, bytes: found.bytes.buffer }, [found.bytes.buffer]);
  },
};
serve(api);

function formatOf(bytes: Uint8Array) {
  const format = detectFormat(bytes);
  if (format === undefined) throw new AppError('image.unknown-format', 'neither DICOM nor JPEG nor PNG');
  return format;
}

function burnedInOf(bytes: Uint8Array): ExportPreview['burnedIn'] {
  if (formatOf(bytes) !== 'dicom') return 'unknown';
  return statedBurnedIn(readDicomTree(bytes, vrByDictionary).elements);
}

async function hmacOf(secret: ArrayBuffer): Promise<ClinicHmac> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  return async (message) => new Uint8Array(await crypto.subtle.sign('HMAC', key, new Uint8Array(message)));
}
