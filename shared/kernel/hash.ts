/** SHA-256 as a port: WebCrypto is absent on plain-HTTP pages, and each platform has its own fast one. Lower-case hex. */
export type Sha256 = (bytes: Uint8Array) => Promise<string>;
