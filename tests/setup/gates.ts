import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

/** A check of the whole tree. It fails, too, when it did not look at all the files that there are. */
export interface GateResult {
  readonly name: string;
  readonly passed: boolean;
  readonly summary: string;
  readonly output: string;
}

const folders = ['shared', 'server', 'web', 'tests'];
const ignored = ['**/node_modules/**'];

export function sourceFiles(pattern = '**/*.{ts,tsx}'): string[] {
  return folders.flatMap((folder) => globSync(`${folder}/${pattern}`, { exclude: ignored })).toSorted();
}

function run(command: string, args: readonly string[]): { status: number; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { status: status ?? 1, output: `${stdout}${stderr}` };
}

function judge(name: string, status: number, output: string, lookedAt: number, expected: number): GateResult {
  const enough = lookedAt >= expected;
  const summary = enough ? `${lookedAt} files` : `looked at ${lookedAt} of ${expected} files`;
  return { name, passed: status === 0 && enough, summary, output };
}

export function typeCheck(): GateResult {
  const { status, output } = run('tsc', ['-b']);
  const sources = sourceFiles().filter((path) => !path.endsWith('.d.ts'));
  const declarations = new Set(
    globSync('.cache/types/**/*.d.ts').map((path) =>
      path.replace(/^\.cache\/types\/(tests\/(?=(shared|server|web|tests)\/))?/, '').replace(/\.d\.ts$/, ''),
    ),
  );
  const missing = sources.filter((path) => !declarations.has(path.replace(/\.tsx?$/, '')));
  const seen = sources.length - missing.length;
  return judge('types', status, `${output}${missing.join('\n')}`, seen, sources.length);
}

export function lint(): GateResult {
  const { status, output } = run('oxlint', ['--type-aware', ...folders, 'vite.config.ts']);
  const lookedAt = Number(/on (\d+) files/.exec(output)?.[1] ?? 0);
  return judge('lint', status, output, lookedAt, sourceFiles().length);
}

export function format(): GateResult {
  const { status, output } = run('oxfmt', [
    '--check',
    ...folders,
    'vite.config.ts',
    'package.json',
    'tsconfig.json',
  ]);
  const lookedAt = Number(/on (\d+) files/.exec(output)?.[1] ?? 0);
  return judge('format', status, output, lookedAt, sourceFiles().length);
}

export function deadCode(): GateResult {
  const { status, output } = run('knip', ['--no-progress', '--debug']);
  const lookedAt = new Set(output.match(/\b(?:shared|server|web|tests)\/[\w./-]+\.tsx?\b/g)).size;
  const { output: findings } = status === 0 ? { output: '' } : run('knip', ['--no-progress']);
  return judge(
    'dead code',
    status,
    findings,
    lookedAt,
    sourceFiles().filter((path) => !path.endsWith('.d.ts')).length,
  );
}
