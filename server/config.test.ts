import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('listens on the loopback address, port 8787, when nothing is set', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8787,
      dataDir: './data',
      maxUploadBytes: 64 * 1024 * 1024,
      registration: 'approval',
      trustedProxies: 0,
    });
  });

  it('takes every setting from the environment', () => {
    const environment = { HOST: '::1', PORT: '0', DATA_DIR: '/x', MODELS_DIR: '/m', INFERENCE_CHILDREN: '3' };
    const more = { REGISTRATION: 'open', PUBLIC_ORIGIN: 'https://hub.example.org/x', TRUSTED_PROXIES: '1' };
    const keys = { MASTER_KEY: 'k', MASTER_KEY_OLD: 'a, b', MASTER_KEY_FILE: '/k' };
    expect(readConfig({ ...environment, MAX_UPLOAD_BYTES: '9', ...more, ...keys })).toEqual({
      host: '::1',
      port: 0,
      dataDir: '/x',
      modelsDir: '/m',
      inferenceChildren: 3,
      maxUploadBytes: 9,
      registration: 'open',
      publicOrigin: 'https://hub.example.org',
      trustedProxies: 1,
      masterKey: 'k',
      masterKeyOld: ['a', 'b'],
      masterKeyFile: '/k',
    });
  });

  it('takes an empty setting for one that is not set', () => {
    const empty = {
      HOST: '',
      PORT: '',
      DATA_DIR: '',
      MODELS_DIR: '',
      INFERENCE_CHILDREN: '',
      MAX_UPLOAD_BYTES: '',
    };
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'hub.example.org'])('refuses to listen on “%s”', (HOST) => {
    expect(() => readConfig({ HOST })).toThrow(
      /^HOST may only be 127\.0\.0\.1.*, unless the hub speaks TLS .*\.$/,
    );
  });

  it('listens anywhere over TLS, or behind a proxy that speaks it', () => {
    const tls = { TLS_CERT: '/hub.crt', TLS_KEY: '/hub.key' };
    expect(readConfig({ HOST: '0.0.0.0', ...tls })).toMatchObject({
      host: '0.0.0.0',
      tls: { certificate: '/hub.crt', key: '/hub.key' },
    });
    const proxy = { PUBLIC_ORIGIN: 'https://hub.example.org', TRUSTED_PROXIES: '1' };
    expect(readConfig({ HOST: '0.0.0.0', ...proxy }).host).toBe('0.0.0.0');
    expect(() => readConfig({ HOST: '0.0.0.0', ...proxy, TRUSTED_PROXIES: '0' })).toThrow(/^HOST/);
    expect(() => readConfig({ HOST: '0.0.0.0', ...proxy, PUBLIC_ORIGIN: 'http://hub.example.org' })).toThrow(
      /^HOST/,
    );
  });

  it.each([{ TLS_CERT: '/hub.crt' }, { TLS_KEY: '/hub.key' }])('refuses %o alone', (half) => {
    expect(() => readConfig(half)).toThrow('TLS_CERT and TLS_KEY are only of use together.');
  });

  it('refuses to listen on what is no address', () => {
    expect(() => readConfig({ HOST: 'a b' })).toThrow(/^HOST must be an address/);
  });

  it.each([
    { PORT: 'x' },
    { PORT: '1.5' },
    { PORT: '65536' },
    { PORT: '-1' },
    { INFERENCE_CHILDREN: '0' },
    { INFERENCE_CHILDREN: '65' },
    { MAX_UPLOAD_BYTES: '0' },
    { REGISTRATION: 'yes' },
    { PUBLIC_ORIGIN: 'hub.example.org' },
    { PUBLIC_ORIGIN: 'javascript://x' },
    { TRUSTED_PROXIES: '-1' },
    { TRUSTED_PROXIES: '11' },
  ])('refuses %o in a sentence that names the setting', (environment) => {
    const [setting = ''] = Object.keys(environment);
    expect(() => readConfig(environment)).toThrow(new RegExp(`^${setting} must .*\\.$`));
  });
});
