import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  appendBlobEndpoint,
  beginBlobEndpoint,
  mostPieceBytes,
  pieceMediaType,
  readBlobEndpoint,
  tusVersion,
  uploadStateEndpoint,
} from '../../shared/api/blobs.ts';
import { problemCode } from './hub-client.ts';
import { sha256 } from './second-witness.ts';
import type { Stage } from './stage.ts';

/** A file goes up in pieces and comes down whole and in parts. */
export function blobsContract(stage: () => Stage): void {
  const file = new Uint8Array(randomBytes(mostPieceBytes + 200_000));
  const name = sha256(file).toString('hex');
  const description = { sha256: name, size: file.length, type: 'application/dicom' };
  const tus = { 'Tus-Resumable': tusVersion };

  const begin = (json = description) =>
    stage().client.get(beginBlobEndpoint, { token: stage().doctor.token, json });

  async function uploadId(): Promise<string> {
    const answer = await begin();
    if (answer.state !== 'upload') throw new Error('it is stored already');
    return answer.location.split('/').at(-1)!;
  }

  const piece = (id: string, from: number, to: number, digest = sha256(file.subarray(from, to))) =>
    stage().client.ask(appendBlobEndpoint, {
      token: stage().doctor.token,
      params: { id },
      bytes: file.slice(from, to),
      headers: {
        ...tus,
        'Content-Type': pieceMediaType,
        'Upload-Offset': String(from),
        'Upload-Checksum': `sha256 ${digest.toString('base64')}`,
      },
    });

  const read = (headers: Record<string, string> = {}) =>
    stage().client.ask(readBlobEndpoint, { token: stage().user.token, params: { sha256: name }, headers });

  it('takes the first piece and says where it is', async () => {
    const { client, user } = stage();
    const id = await uploadId();
    const taken = await piece(id, 0, 100_000);
    expect([taken.status, taken.headers.get('Upload-Offset')]).toEqual([204, '100000']);
    const state = await client.ask(uploadStateEndpoint, { token: user.token, params: { id }, headers: tus });
    expect(state.headers.get('Upload-Offset')).toBe('100000');
    expect(state.headers.get('Upload-Length')).toBe(String(file.length));
    expect(await problemCode(await read())).toBe('blob.unknown');
  });

  it('refuses a piece that was damaged, and one for another place', async () => {
    const id = await uploadId();
    const from = 100_000;
    const damaged = await piece(id, from, from + 50_000, sha256('other bytes'));
    expect([damaged.status, await problemCode(damaged)]).toEqual([460, 'blob.bad-digest']);
    const elsewhere = await piece(id, 50_000, from);
    expect([elsewhere.status, await problemCode(elsewhere)]).toEqual([409, 'blob.offset-mismatch']);
  });

  it('has the file once the last byte has come', async () => {
    const id = await uploadId();
    for (let from = 100_000; from < file.length; from += mostPieceBytes) {
      const { status } = await piece(id, from, Math.min(from + mostPieceBytes, file.length));
      expect(status).toBe(204);
    }
    expect(await begin()).toEqual({ state: 'stored' });
  });

  it('gives it to everybody of the clinic, whole, as a download', async () => {
    const answer = await read();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('application/dicom');
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment/);
    expect(sha256(new Uint8Array(await answer.arrayBuffer())).toString('hex')).toBe(name);
  });

  it('gives parts of it, across the borders of its pieces', async () => {
    const [from, to] = [mostPieceBytes - 1000, mostPieceBytes + 1000];
    const answer = await read({ Range: `bytes=${from}-${to - 1}` });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${from}-${to - 1}/${file.length}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(file.subarray(from, to))).toBe(true);
    expect(await problemCode(await read({ Range: `bytes=${file.length}-` }))).toBe('blob.bad-range');
  });

  it('refuses what is not what was announced', async () => {
    const { client, doctor } = stage();
    const json = { ...description, sha256: sha256('another file').toString('hex'), size: 5000 };
    const answer = await client.get(beginBlobEndpoint, { token: doctor.token, json });
    const id = (answer as { location: string }).location.split('/').at(-1)!;
    expect(await problemCode(await piece(id, 0, 5000))).toBe('blob.hash-mismatch');
  });
}
