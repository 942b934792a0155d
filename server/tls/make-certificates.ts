// @peculiar/x509's injector wants it when it is loaded.
import 'reflect-metadata';
import { X509Certificate as NodeCertificate, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

// Certificates of a clinic's own network (RFC 5280), ECDSA P-256, which every browser and phone takes.

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const dayMs = 24 * 3600 * 1000;
const authorityDays = 10 * 365;
/** Browsers refuse a server's certificate that is valid for more than 398 days. */
const serverDays = 397;
/** Clocks in a clinic disagree. */
const earlierMs = dayMs;

/** Texts in PEM. */
export interface KeyPair {
  readonly certificate: string;
  /** PKCS #8 */
  readonly key: string;
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
}

async function keyText({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')}\n`;
}

/** Random, positive, 16 bytes (section 4.1.2.2). */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

/** Whoever trusts this certificate trusts all that its key signs: it can sign servers, and no further authority. */
export async function makeAuthority(nowMs: number): Promise<KeyPair> {
  const keys = await newKeys();
  const serial = serialNumber();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial,
    // Two clinics, or two attempts, must not look the same in a list of authorities.
    name: `CN=Fieldray clinic network ${serial.slice(0, 8)}, O=Fieldray`,
    notBefore: new Date(nowMs - earlierMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    keys,
    signingAlgorithm: signing,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyText(keys) };
}

/**
 * For a hub that is found under these names.
 * @param names host names and IP addresses, the first one for people to read
 * @returns with the authority's certificate behind the server's, as a server sends them
 */
export async function makeServer(
  authority: KeyPair,
  names: readonly string[],
  nowMs: number,
): Promise<KeyPair> {
  const [first] = names;
  if (first === undefined) throw new TypeError('a server without a name');
  const issuer = new X509Certificate(authority.certificate);
  const pkcs8 = PemConverter.decode(authority.key)[0]!;
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, curve, false, ['sign']);
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [first] }],
    issuer: issuer.subjectName,
    notBefore: new Date(nowMs - earlierMs),
    notAfter: new Date(Math.min(nowMs + serverDays * dayMs - earlierMs, issuer.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: signing,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return {
    certificate: `${certificate.toString('pem')}\n${authority.certificate}`,
    key: await keyText(keys),
  };
}

/** SHA-256 over the certificate, as systems show it: to compare before it is trusted. */
export function fingerprint(certificate: string): string {
  return new NodeCertificate(certificate).fingerprint256;
}
