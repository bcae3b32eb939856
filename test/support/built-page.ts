import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'out/test-page');
const sources = ['src/renderer/index.html', 'src/renderer/src/**/*', 'src/shared/**/*.ts'];

const changedAtMs = (file: string): number => statSync(file).mtimeMs;

/** The folder of the built page; built anew where a source is newer than the last build. About a second. */
export async function builtPage(): Promise<string> {
  const index = join(page, 'index.html');
  const newest = Math.max(...sources.flatMap((glob) => globSync(join(root, glob))).map(changedAtMs));
  if (existsSync(index) && changedAtMs(index) > newest) return page;
  await build({
    root: join(root, 'src/renderer'),
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: { outDir: page, emptyOutDir: true, assetsInlineLimit: 0, minify: true, chunkSizeWarningLimit: 2_000 },
  });
  return page;
}
