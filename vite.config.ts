import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: 'web',
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // A data: URL would be blocked by the page's own policy (connect-src 'self').
    assetsInlineLimit: 0,
    // Every browser that runs the page knows modulepreload.
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  test: {
    root: '.',
    include: ['{shared,server,web,tests}/**/*.test.ts'],
    setupFiles: ['tests/setup/console-is-silent.ts'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
