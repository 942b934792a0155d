import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const folder = fileURLToPath(new URL('../verify', import.meta.url));

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The page that verifies exports, as one file that works from anywhere: no network, no other file, and of scripts and
 * styles only the ones in it, by their hashes.
 */
export async function verifyPage(): Promise<string> {
  const style = await readFile(join(folder, 'verify.css'), 'utf8');
  // An end tag inside a text would end the element.
  const script = (await bundle()).replaceAll('</script', String.raw`<\/script`);
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const parts: Record<string, string> = { '%POLICY%': policy, '%STYLE%': style, '%SCRIPT%': script };
  const template = await readFile(join(folder, 'verify.html'), 'utf8');
  // Space around a script or style would be part of what is hashed.
  return template.replace(/\s*(%[A-Z]+%)\s*/g, (_, name: string) => parts[name]!);
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: join(folder, 'main.ts'), formats: ['iife'], name: 'verifyPage', fileName: 'verify' },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !('output' in first)) throw new TypeError('the page was not built');
  const scripts = first.output.filter((file) => file.type === 'chunk');
  if (scripts.length !== 1) throw new TypeError(`one script was to be built, not ${scripts.length}`);
  return scripts[0]!.code;
}
