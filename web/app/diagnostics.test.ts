import { describe, expect, it } from 'vitest';
import type { EngineState, ModelReady } from '../engine/engine-state.ts';
import { type BrowserFacts, gpuInWords } from './browser-facts.ts';
import { type DiagnosticSources, diagnosticsText } from './diagnostics.ts';

const facts: BrowserFacts = {
  userAgent: 'Mozilla/5.0 Test',
  brands: ['Chromium 150'],
  gpu: 'none: this browser has no navigator.gpu',
  cores: 4,
  deviceMemoryGb: 4,
  pageMemoryBytes: undefined,
  isolated: true,
  secure: true,
  serviceWorker: 'active: activated; controls this page',
  online: false,
  screen: '1280×800 at 1, window 1280×720',
  languages: ['en', 'sw'],
  zoneOffsetMinutes: 180,
  installed: false,
};

const model: ModelReady = {
  name: 'cxr-lungs',
  version: '1.2.3',
  sha256: 'c'.repeat(64),
  bytes: 1234,
  runtime: { name: 'onnxruntime-web', version: '1.2', backend: 'wasm', threads: 2 },
  check: { cases: 2, values: 80, maxError: 0.000012 },
  choice: {
    model: 'cxr-lungs',
    modelSha256: 'c'.repeat(64),
    backend: 'wasm',
    threads: 2,
    reason: 'It is the fastest that computes right.',
    trials: [
      { backend: 'wasm', threads: 2, runMs: 812.4 },
      { backend: 'webgpu', threads: 1, rejected: 'it is only imitated' },
    ],
    chosenAt: '2026-01-02T03:04:05.000Z',
  },
};

function sources(state: EngineState, browser: Partial<BrowserFacts> = {}): DiagnosticSources {
  return {
    version: '9.8.7',
    engine: { getSnapshot: () => state, preference: () => 'automatic' },
    updates: { getSnapshot: () => 'offline-ready', whyUnavailable: () => undefined },
    readStorageFacts: () => Promise.resolve({ usageBytes: 21e6, quotaBytes: 64e9, persisted: false }),
    browserFacts: () => Promise.resolve({ ...facts, ...browser }),
  };
}

describe('the diagnostics', () => {
  it('names browser, device, storage, page, models, runtimes and checks', async () => {
    const text = await diagnosticsText(sources({ phase: 'ready', models: [model], keptOffline: true }));
    for (const line of [
      'Fieldray: 9.8.7',
      'Browser: Mozilla/5.0 Test',
      'Graphics processor: none: this browser has no navigator.gpu',
      'Cross-origin isolated: yes; secure page: yes',
      'Memory of this page: not said by the browser',
      'Languages: en, sw; minutes east of UTC: 180',
      'Storage used: 21.0 MB of 64.0 GB; promised to be kept: no',
      'Service worker: active: activated; controls this page; page: offline-ready',
      'Engine: ready; preference: automatic',
      `Model: cxr-lungs 1.2.3, 1234 bytes, sha256 ${model.sha256}`,
      '  reference check: passed, 80 values of 2 cases, largest error 1.2e-5',
      '  tried: wasm, 2 thread(s), passed, 812 ms',
      '  tried: webgpu, 1 thread(s), turned down: it is only imitated',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('says why nothing can be read', async () => {
    const problem = {
      code: 'model.hash-mismatch',
      title: 'A model file is damaged.',
      detail: 'chunk 3',
    } as const;
    const text = await diagnosticsText(sources({ phase: 'stopped', problem }));
    expect(text).toContain('Problem: model.hash-mismatch: A model file is damaged.\nDetail: chunk 3');
  });

  it('says how far the fetching has come', async () => {
    const progress = { what: 'lung model', loadedBytes: 5, totalBytes: 10 };
    const text = await diagnosticsText(sources({ phase: 'fetching', progress, waitingForNetwork: true }));
    expect(text).toContain('Fetching: lung model, 5 of 10 bytes, waiting for the network');
  });
});

describe('the graphics processor', () => {
  const offering = (adapter: Promise<unknown>): GPU => ({ requestAdapter: () => adapter }) as unknown as GPU;
  const info = { vendor: 'acme', architecture: 'one', device: '', description: '', isFallbackAdapter: false };

  it('is named, or why there is none', async () => {
    expect(await gpuInWords(undefined, false)).toContain('not secure');
    expect(await gpuInWords(undefined, true)).toContain('no navigator.gpu');
    expect(await gpuInWords(offering(Promise.resolve(null)), true)).toContain('no adapter');
    expect(await gpuInWords(offering(Promise.reject(new Error('blocked'))), true)).toBe('none: blocked');
    expect(await gpuInWords(offering(Promise.resolve({ info })), true)).toBe('acme, one');
    const imitated = { info: { ...info, isFallbackAdapter: true } };
    expect(await gpuInWords(offering(Promise.resolve(imitated)), true)).toContain('imitated');
  });
});
