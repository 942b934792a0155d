import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { AppError } from '../../../shared/kernel/errors.ts';
import { fingerprint, makeAuthority, makeServer } from '../../tls/make-certificates.ts';
import { exitStatus } from '../exit-status.ts';
import { parseCommand } from '../parse-command.ts';
import type { Terminal } from '../terminal.ts';
import { fileNames, readAuthority, serverNames, writeAuthority, writeServer } from './certificate-files.ts';
import { trustText } from './trust-text.ts';

export const tlsUsage = `npx fieldray tls [--dir DIR] [--name NAME]… [--ip ADDRESS]…

Makes a certificate for a hub on a clinic's own network, and the authority that signs it. Browsers give a page without
TLS no service worker, no graphics processor and no cryptography, except on the hub's own machine.

  --dir DIR       where the files go (default ./tls); an authority that is there signs again
  --name NAME     a name of the hub, such as clinic.local; may be repeated
  --ip ADDRESS    an address of the hub; may be repeated

Without names: those of the certificate that is there, or this machine's own.
`;

function checkedNames(names: readonly string[], ips: readonly string[]): string[] {
  for (const name of names) {
    if (
      !/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(name)
    ) {
      throw new AppError('usage.invalid', `--name takes a host name, not "${name}"`);
    }
  }
  for (const ip of ips) {
    if (isIP(ip) === 0) throw new AppError('usage.invalid', `--ip takes an IP address, not "${ip}"`);
  }
  return [...names.map((name) => name.toLowerCase()), ...ips];
}

function namesOfThisMachine(): string[] {
  const name = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    // An address of the link alone changes with the interface.
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  return [...(name.includes('.') ? [name] : [`${name}.local`, name]), ...addresses];
}

/** `npx fieldray tls`: a certificate for a clinic's own network, made and renewed. */
export async function tlsCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseCommand(args, {
    dir: { type: 'string', default: 'tls' },
    name: { type: 'string', multiple: true, default: [] },
    ip: { type: 'string', multiple: true, default: [] },
  });
  if (positionals.length > 0) throw new AppError('usage.invalid', `"${positionals[0]}" is not an option`);
  const folder = resolve(values.dir);
  const asked = checkedNames(values.name, values.ip);
  const before = await serverNames(folder);
  const own = asked.length > 0 ? asked : before.length > 0 ? before : namesOfThisMachine();
  const names = [...new Set([...own, 'localhost', '127.0.0.1', '::1'])];

  const found = await readAuthority(folder);
  const authority = found ?? (await makeAuthority(Date.now()));
  if (found === undefined) await writeAuthority(folder, authority);
  await writeServer(folder, await makeServer(authority, names, Date.now()));

  terminal.out(
    found === undefined
      ? `A new authority and a certificate for the hub are in ${folder}.\n\n`
      : `A new certificate for the hub is in ${folder}; devices that trust its authority trust it already.\n\n`,
  );
  terminal.out(
    trustText({
      authority: join(folder, fileNames.authority),
      fingerprint: fingerprint(authority.certificate),
      server: join(folder, fileNames.server),
      serverKey: join(folder, fileNames.serverKey),
      names,
    }),
  );
  return exitStatus.ok;
}
