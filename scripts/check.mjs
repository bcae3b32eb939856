// npm run check: types, lint with import rules, format, dead code. Each says what it found; all are run.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { main, run, say } from './lib/step.mjs';
import { ensurePackages, productEnv } from './setup.mjs';

const bin = (name) => join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const checks = [
  ['types and folders', 'tsc', ['-b']],
  ['lint and imports', 'oxlint', ['--type-aware', '--deny-warnings', 'src', 'test', 'scripts']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['dead code', 'knip', ['--no-progress']],
];

export async function check(cwd = root) {
  await ensurePackages();
  const env = productEnv();
  let failed = 0;
  // All at once: half of them use one core alone. What each found is told in their order.
  const results = checks.map(([, program, args]) => run(bin(program), args, { cwd, env }));
  for (const [index, [name]] of checks.entries()) {
    const result = await results[index];
    say(`${result.ok ? 'ok    ' : 'FAILED'} ${name}`);
    if (!result.ok) {
      failed++;
      process.stderr.write(`${result.output.trim()}\n`);
    }
  }
  return failed;
}

if (import.meta.filename === process.argv[1]) await main(async () => ((await check()) > 0 ? 1 : 0));
