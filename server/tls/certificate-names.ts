import { X509Certificate } from 'node:crypto';

/** The host names and IP addresses that a certificate (the first of a PEM text) is for, in lower case. */
export function certificateNames(pem: string): readonly string[] {
  const { subjectAltName = '' } = new X509Certificate(pem);
  return Array.from(subjectAltName.matchAll(/(?:DNS|IP Address):([^,\s"]+)/g), ([, name]) =>
    canonicalName(name!),
  );
}

/** As it stands in an address: an IPv6 address in its shortest form, without brackets. */
export function canonicalName(name: string): string {
  if (!name.includes(':')) return name.toLowerCase();
  try {
    return new URL(`http://[${name.replace(/^\[|\]$/g, '')}]`).hostname.slice(1, -1);
  } catch {
    return name.toLowerCase();
  }
}
