import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/**
 * The service worker: it keeps the shell, and nothing else. Models and runtimes are kept by the page, checked by hash;
 * answers of the hub are never kept.
 */
export function offlineShell(): Plugin[] {
  return VitePWA({
    strategies: 'generateSW',
    // A new version waits until the person, or the last closed tab, lets it take over.
    registerType: 'prompt',
    injectRegister: false,
    filename: 'service-worker.js',
    // Lies in web/public, for the development server as well.
    manifest: false,
    includeManifestIcons: false,
    workbox: {
      globPatterns: ['**/*.{html,js,mjs,css,svg,png,webmanifest,wasm}'],
      // The page behind the set-up link is used once, with a network.
      globIgnores: ['parcels/**', 'setup.html', 'assets/setup-*'],
      maximumFileSizeToCacheInBytes: 2 ** 22,
      navigateFallback: '/index.html',
      navigateFallbackDenylist: [/^\/api\//, /^\/parcels\//, /^\/setup/],
      cleanupOutdatedCaches: true,
      skipWaiting: false,
      // The first page is ready for the network's loss at once. It hurts no reading: only a page that has no service
      // worker yet, or has asked for the change, gets another one by it.
      clientsClaim: true,
      // importScripts with a string is refused under Trusted Types.
      inlineWorkboxRuntime: true,
      sourcemap: false,
    },
  });
}
