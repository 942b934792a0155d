import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { absentBlobs } from '../../server/blobs/absent-store.ts';
import { openRemoteHub } from '../../server/entry/remote-hub.ts';

const host = { print: () => undefined, blobs: () => absentBlobs, clientAddress: () => undefined };
// Nobody listens there: a setting has to be refused before anything is asked.
const settings = { LIBSQL_URL: 'http://127.0.0.1:9', MASTER_KEY: randomBytes(32).toString('base64') };

it.each([
  [
    'a certificate, which nobody here would use, on a network',
    { TLS_CERT: 'a', TLS_KEY: 'b', HOST: '0.0.0.0' },
  ],
  ['a network without TLS', { HOST: '0.0.0.0' }],
  ['no master key', { MASTER_KEY: '' }],
  ['no records', { LIBSQL_URL: '' }],
])('a hub without a disk of its own does not open with %s', async (_what, more) => {
  await expect(openRemoteHub({ ...settings, ...more }, host)).rejects.toMatchObject({
    code: 'usage.invalid',
  });
});
