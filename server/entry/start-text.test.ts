import { expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { readyLines } from './start-text.ts';

const tls = { TLS_CERT: 'hub.crt', TLS_KEY: 'hub.key' };
const proxied = { TRUSTED_PROXIES: '1', PUBLIC_ORIGIN: 'https://hub.example.org' };

it.each([
  [{}, 'http://127.0.0.1:8787/', 'Open http://127.0.0.1:8787/ in a browser on this machine. Ctrl+C stops.'],
  [
    tls,
    'https://127.0.0.1:8787/',
    'Open https://127.0.0.1:8787/ in a browser on this machine. Ctrl+C stops.',
  ],
  [
    { ...tls, HOST: '0.0.0.0' },
    'https://clinic.local:8787/',
    'Open https://clinic.local:8787/ in a browser, on any device that trusts its certificate. Ctrl+C stops.',
  ],
  [proxied, 'http://127.0.0.1:8787/', 'Open https://hub.example.org/ in a browser. Ctrl+C stops.'],
])('says where the page can be opened, with %j', (environment, address, line) => {
  expect(readyLines(address, readConfig(environment), 1, true).at(-1)).toBe(line);
});
