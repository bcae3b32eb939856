import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const pages = join(root, 'out/test-pages');
const sources = ['src/renderer/index.html', 'src/renderer/src/**/*', 'src/shared/**/*.ts'];
const oldMs = 10 * 60_000; // longer than any test file that may still serve an earlier build

const changedAtMs = (file: string): number => statSync(file).mtimeMs;

/** `tested`: with React's own checks, which speak in the console. `shipped`: as users get it; costs are measured there. */
export type PageKind = 'tested' | 'shipped';

/**
 * The folder of the built page; built anew where a source has changed. About a second. Test files run beside each other,
 * so a build gets a folder of its own and its name only when it is whole.
 */
export async function builtPage(kind: PageKind = 'tested'): Promise<string> {
  const newest = Math.max(...sources.flatMap((glob) => globSync(join(root, glob))).map(changedAtMs));
  const page = join(pages, `${kind}-${Math.round(newest)}`);
  if (existsSync(page)) return page;
  mkdirSync(pages, { recursive: true });
  const outDir = mkdtempSync(join(pages, 'building-'));
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = kind === 'shipped' ? 'production' : 'test'; // by this the React plugin and React choose
  await build({
    root: join(root, 'src/renderer'),
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir, emptyOutDir: true, assetsInlineLimit: 0, minify: true, chunkSizeWarningLimit: 2_000 },
  });
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  try {
    renameSync(outDir, page);
  } catch {
    rmSync(outDir, { recursive: true, force: true }); // another test file was quicker with the same sources
  }
  for (const name of readdirSync(pages)) {
    const folder = join(pages, name);
    if (folder !== page && Date.now() - changedAtMs(folder) > oldMs) rmSync(folder, { recursive: true, force: true });
  }
  return page;
}
