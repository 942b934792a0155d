import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, mergeConfig } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The page, and the one behind the link for the first administrator. */
const input = ['index.html', 'setup.html'].map((name) => join(root, 'web', name));

/**
 * Builds the page into the folder, replacing what was there.
 * @param changes for a test: another page with the same settings
 */
export async function buildInto(outDir: string, changes: InlineConfig = {}): Promise<void> {
  // A build that tests ask for is the one that people get, not one for development.
  process.env['NODE_ENV'] = 'production';
  const config: InlineConfig = {
    configFile: join(root, 'vite.config.ts'),
    root: join(root, 'web'),
    // The codecs' branches for Node are left out with a warning each; nothing below an error concerns the person who starts the hub.
    logLevel: 'error',
    build: { outDir, ...(changes.root === undefined && { rolldownOptions: { input } }) },
  };
  await build(mergeConfig(config, changes));
}
