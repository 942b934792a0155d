import { describe, expect, it } from 'vitest';
import { isScriptAddress } from './script-address.ts';

const page = { href: 'http://127.0.0.1:8787/readings/1' };

describe('an address that may become a script', () => {
  it.each([
    '/assets/analysis.worker-C0HOm4sd.js',
    'http://127.0.0.1:8787/assets/ort-wasm-simd-threaded-qyIweqWS.mjs',
    '/service-worker.js',
  ])('is one of the built page: %s', (address) => expect(isScriptAddress(address, page, false)).toBe(true));

  it.each([
    'https://127.0.0.1:8787/assets/a.js',
    'http://127.0.0.1:8788/assets/a.js',
    '//elsewhere.example/assets/a.js',
    'data:text/javascript,1',
    'blob:http://127.0.0.1:8787/assets/a.js',
    'javascript:alert(1)',
    '/assets/../api/v1/health/',
    '/assets/%2e%2e/api/v1/health/',
    '/assets/..%2fapi%2fv1%2fhealth',
    '/assets/a.js?next=1',
    '/api/v1/inference/predict',
    'service-worker.js',
    'http://',
    '',
  ])('is no other: %s', (address) => expect(isScriptAddress(address, page, false)).toBe(false));

  it('may lie anywhere on the development server, but not elsewhere', () => {
    expect(isScriptAddress('/workers/a.worker.ts?worker_file&type=module', page, true)).toBe(true);
    expect(isScriptAddress('/@fs/work/node_modules/a.mjs', page, true)).toBe(true);
    expect(isScriptAddress('blob:http://127.0.0.1:8787/a', page, true)).toBe(false);
    expect(isScriptAddress('https://elsewhere.example/assets/a.js', page, true)).toBe(false);
  });
});
