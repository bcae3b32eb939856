// A boundary check that sees no files looks just like one that passes: so each rule is broken once, and must be heard.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folders = ['shared', 'core', 'main', 'headless', 'preload', 'renderer', 'rehearsal'];
let tree = '';

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'cuedesk-check-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.base.json', 'package.json'])
    cpSync(join(root, file), join(tree, file));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const folder of folders) {
    mkdirSync(join(tree, 'src', folder), { recursive: true });
    cpSync(join(root, 'src', folder, 'tsconfig.json'), join(tree, 'src', folder, 'tsconfig.json'));
    // The page's files lie one deeper; every project needs one file to be a project.
    plant(folder === 'renderer' ? 'src/renderer/src/one.ts' : `src/${folder}/one.ts`, 'export const one = 1;\n');
  }
  const references = folders.map((folder) => ({ path: `./src/${folder}` }));
  writeFileSync(join(tree, 'tsconfig.json'), JSON.stringify({ files: [], references }));
  plant('src/core/jobs/plan.ts', 'export const plan = 1;\n');
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}
const run = (program: string, args: readonly string[]): { code: number | null; output: string } => {
  const result = spawnSync(join(tree, 'node_modules/.bin', program), args, { cwd: tree, encoding: 'utf8' });
  return { code: result.status, output: result.stdout + result.stderr };
};
const lint = (): { code: number | null; output: string } => run('oxlint', ['--deny-warnings', 'src']);
const compile = (): { code: number | null; output: string } => run('tsc', ['-b']);

test('the empty tree passes both', () => {
  expect(lint()).toMatchObject({ code: 0 });
  expect(compile()).toMatchObject({ code: 0 });
});

describe.each([
  ['electron in the core', 'src/core/captions/bad.ts', "import 'electron';\n"],
  ['one part of the core in another', 'src/core/captions/bad.ts', "import '../jobs/plan.ts';\n"],
  ['the same from a folder below', 'src/core/captions/exports/bad.ts', "import '../../jobs/plan.ts';\n"],
  ['the rehearsal in the core', 'src/core/bad.ts', "import '../rehearsal/one.ts';\n"],
  ['the core in the rehearsal', 'src/rehearsal/bad.ts', "import '../core/one.ts';\n"],
  ['a part in core/live', 'src/core/live/bad.ts', "import '../jobs/plan.ts';\n"],
  ['a package in core/live', 'src/core/live/bad.ts', "import 'ws';\n"],
  ['one host in the other', 'src/headless/bad.ts', "import '../main/one.ts';\n"],
  ['Node in the page, by a path below node:fs', 'src/renderer/src/bad.ts', "import 'node:fs/promises';\n"],
  ['a package in shared', 'src/shared/bad.ts', "import 'ws';\n"],
])('the linter refuses %s', (_what, file, text) => {
  test(file, () => {
    plant(file, text);
    try {
      const { code, output } = lint();
      expect(code).not.toBe(0);
      expect(output).toContain('no-restricted-imports');
    } finally {
      rmSync(join(tree, file));
    }
  });
});

describe.each([
  [
    'the core in the page, types only',
    'src/renderer/src/bad.ts',
    "import type { one } from '../../core/one.ts';\nexport type A = typeof one;\n",
  ],
  ['the page in the core', 'src/core/bad.ts', "import { one } from '../renderer/src/one.ts';\nexport const a = one;\n"],
  ['Node in shared', 'src/shared/bad.ts', "import { join } from 'node:path';\nexport const a = join('a');\n"],
  ['the document in shared', 'src/shared/bad.ts', 'export const a = document.title;\n'],
])('the compiler refuses %s', (_what, file, text) => {
  test(file, () => {
    plant(file, text);
    try {
      const { code, output } = compile();
      expect(code).not.toBe(0);
      expect(output).toMatch(/error TS\d+/);
    } finally {
      rmSync(join(tree, file));
    }
  });
});
