import { isScriptAddress } from './script-address.ts';

/**
 * The page's policy lets strings become scripts through Trusted Types only. Vite's workers, workbox-window and the threads
 * of onnxruntime-web pass plain strings, so that the policy has to be the default one. Import it first, in page and worker.
 */

interface TrustedTypes {
  readonly defaultPolicy: unknown;
  createPolicy(name: string, rules: Record<string, (input: string) => string>): unknown;
}

function refuse(what: string): never {
  throw new TypeError(`${what} is not allowed here`);
}

// Firefox and Safari had none for long.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

if (trustedTypes !== undefined && trustedTypes.defaultPolicy === null) {
  trustedTypes.createPolicy('default', {
    createHTML: () => refuse('HTML from text'),
    createScript: () => refuse('a script from text'),
    createScriptURL: (address) =>
      isScriptAddress(address, location, import.meta.env.DEV) ? address : refuse(`a script from ${address}`),
  });
}
