import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { certificateNames } from './certificate-names.ts';

/** What a server needs to speak TLS. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  /** Whom the certificate is for. */
  readonly names: readonly string[];
  readonly validUntil: Date;
}

async function textOf(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('usage.invalid', `${setting} cannot be read: ${describeThrown(cause)}.`, { cause });
  }
}

/**
 * @param paths PEM files: the certificate with those that lead to its authority behind it, and its key
 * @throws AppError `usage.invalid` when they cannot be read, do not belong together or are out of date
 */
export async function readTls(
  paths: { readonly certificate: string; readonly key: string },
  nowMs: number,
): Promise<ServerTls> {
  const cert = await textOf('TLS_CERT', paths.certificate);
  const key = await textOf('TLS_KEY', paths.key);
  try {
    createSecureContext({ cert, key });
    const certificate = new X509Certificate(cert);
    const validUntil = new Date(certificate.validTo);
    if (validUntil.getTime() <= nowMs)
      throw new Error(`the certificate was valid until ${certificate.validTo}`);
    return { cert, key, names: certificateNames(cert), validUntil };
  } catch (cause) {
    const message = `TLS_CERT and TLS_KEY cannot be used: ${describeThrown(cause)}. npx fieldray tls makes new ones.`;
    throw new AppError('usage.invalid', message, { cause });
  }
}
