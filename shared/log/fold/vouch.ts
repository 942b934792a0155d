import { fromBase64Url, utf8 } from '../../kernel/bytes.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Body, Entry } from '../entry.ts';
import type { LogCrypto } from '../log-crypto.ts';
import { readBody } from './read-body.ts';

/** The bytes that the hub's root key signs to vouch for a chain of the hub. */
export function voucherMessage(clinic: string, device: string): Uint8Array {
  return utf8(`hub-device:1\n${canonicalJson({ clinic, device })}`);
}

/**
 * Whether this entry makes a chain of the hub, by a signature of the root key. To be asked of each entry before it is
 * folded; all but `device.enrolled` cost nothing.
 * @param rootKey 32 bytes
 */
export async function isVouched(
  entry: Entry,
  body: Body | null,
  rootKey: Uint8Array,
  crypto: LogCrypto,
): Promise<boolean> {
  if (entry.kind !== 'device.enrolled' || body === null) return false;
  const said = readBody('device.enrolled', body);
  if (said?.role !== 'hub' || said.voucher === undefined) return false;
  return crypto.verify(rootKey, fromBase64Url(said.voucher), voucherMessage(entry.clinic, entry.entity));
}
