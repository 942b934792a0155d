import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { pageHeaders } from './shared/api/page-headers.ts';
import { offlineShell } from './web/build/offline-shell.ts';
import { pageParcels } from './web/build/page-parcels.ts';
import { once, parcelsFiles, parcelsModule } from './web/build/parcels-plugin.ts';

// The same setting as the hub's: page and hub compute with the same models.
const modelsDir = process.env['MODELS_DIR'] ?? fileURLToPath(new URL('models', import.meta.url));
const cut = once(() => pageParcels(modelsDir));

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// `npm run test:long` runs one campaign; every other run all tests and no campaign.
const campaign = process.env['FIELDRAY_LONG'];
const softwareGpu = 'tests/browser/gpu.test.ts';
const testProjects =
  campaign === undefined
    ? [
        {
          name: 'node',
          include: ['{shared,server,web,tests}/**/*.test.ts'],
          exclude: ['tests/browser/**', '**/node_modules/**'],
          // Vitest would leave one core free; most of what these tests wait for are processes of their own.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
        // They ask what stands on the screen in time: without the others, and one browser for each core at most.
        {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          exclude: [softwareGpu, '**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
        // Every core computes what a graphics processor would.
        { name: 'gpu', include: [softwareGpu], maxWorkers: 1, sequence: { groupOrder: 2 } },
      ]
    : [{ name: campaign, include: ['tests/long/*.long.ts'] }];

export default defineConfig(({ command }) => ({
  root: 'web',
  define: { PROGRAM_VERSION: JSON.stringify(version) },
  // The tests and the development server, both `serve`, have no service worker.
  plugins: [parcelsModule(cut), parcelsFiles(cut), ...(command === 'build' ? offlineShell() : [])],
  worker: { format: 'es', plugins: () => [parcelsModule(cut)] },
  // onnxruntime-web without a copy of its WebAssembly among the assets: that comes as parcels.
  resolve: { conditions: [...defaultClientConditions, 'onnxruntime-web-use-extern-wasm'] },
  server: {
    headers: pageHeaders,
    // It writes HTML and styles into the page, which the page's policy refuses; the console says the same.
    hmr: { overlay: false },
  },
  preview: { headers: pageHeaders },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // A data: URL would be blocked by the page's own policy (connect-src 'self').
    assetsInlineLimit: 0,
    // Every browser that runs the page knows modulepreload.
    modulePreload: { polyfill: false },
  },
  test: {
    root: '.',
    setupFiles: ['tests/setup/console-is-silent.ts'],
    environment: 'node',
    // For hubs and commands that tests start.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('.cache/node', import.meta.url)) },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: testProjects.map((project) => ({ extends: true as const, test: project })),
  },
}));
