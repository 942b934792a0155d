import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** The Chromium that the browser tests drive: CHROMIUM_PATH, the system's, or Playwright's own. */
export function findChromium(): string | undefined {
  const candidates = [
    process.env['CHROMIUM_PATH'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    playwrightChromium(),
  ];
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}

function playwrightChromium(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** Finds a Chromium or installs one: Debian's package as root, else Playwright's. */
export function ensureChromium(say: (text: string) => void): string | undefined {
  const found = findChromium();
  if (found !== undefined) return found;
  say('No Chromium found; installing one for the browser tests…');
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  }
  if (findChromium() === undefined) run('npx', ['playwright-core', 'install', 'chromium']);
  return findChromium();
}
