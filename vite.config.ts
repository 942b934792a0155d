import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: 'web',
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2023' },
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
