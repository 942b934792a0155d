/** How people make their devices trust the clinic's authority, and how the hub is started with its certificate. */
export function trustText(facts: {
  readonly authority: string;
  readonly fingerprint: string;
  readonly server: string;
  readonly serverKey: string;
  readonly names: readonly string[];
}): string {
  const { authority, fingerprint, server, serverKey, names } = facts;
  return `Start the hub with it:

  TLS_CERT=${server} TLS_KEY=${serverKey} HOST=0.0.0.0 npm start

It is then found at https://${names[0]}:8787/ (and under ${names.slice(1).join(', ') || 'no other name'}).

Every device that uses the hub must trust ${authority} once. Bring the file there by hand, and compare the
fingerprint that the device shows (SHA-256):

  ${fingerprint}

  Windows   open the file, Install Certificate, Local Machine, place it in "Trusted Root Certification Authorities"
            (or, as an administrator: certutil -addstore Root ${authority})
  macOS     open the file; in Keychain Access open it in "System" and set Trust to "Always Trust"
  Linux     copy it to /usr/local/share/ca-certificates/ and run update-ca-certificates; Chromium and Firefox keep
            lists of their own: Settings, Certificates, Authorities, Import
  Android   Settings, Security, More, Install a certificate, CA certificate
  iOS       open the file, install the profile in Settings, then switch it on under General, About,
            Certificate Trust Settings

Keep the authority's key (clinic-ca.key) away from the hub: with it, anybody can pretend to be any web site to these
devices. The hub's certificate is valid for 13 months; the same command makes the next one, which the devices trust
already.
`;
}
