// Installs what is missing: packages, a build, ffmpeg. Every step is skipped where nothing has changed. Plain JavaScript
// that the system's Node (20 or newer) runs before anything of the product can run.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeMajor, productNode, root } from './lib/paths.mjs';
import { contentHash, fingerprint, readStamp, writeStamp } from './lib/stamps.mjs';
import { lastLines, run, SetupError, step } from './lib/step.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

export async function ensurePackages() {
  const stamp = join(root, 'node_modules/.cuedesk-lock');
  const wanted = contentHash('package-lock.json');
  if (readStamp(stamp) === wanted) return;
  await step('Installing packages (npm ci)', async () => {
    const result = await run(npm, ['ci', '--no-audit', '--no-fund'], { cwd: root });
    if (!result.ok) throw new SetupError(`npm ci failed:\n${lastLines(result.output)}`);
  });
  writeStamp(stamp, wanted);
}

/** Node of Electron's major: the system's or npm's. */
export function ensureNode() {
  const node = productNode();
  if (!node)
    throw new SetupError(
      `Cuedesk needs Node ${nodeMajor} or newer here: npm has no copy for ${process.platform} ${process.arch}. Install it from nodejs.org.`,
    );
  return node;
}

/** The environment of every program of the project: its own Node is first on the PATH. */
export function productEnv(node = ensureNode()) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: `${join(node, '..')}${separator}${process.env.PATH}` };
}

export async function ensureBuild() {
  const stamp = join(root, 'out/.stamp');
  const wanted = fingerprint(['src', 'electron.vite.config.ts', 'package-lock.json']);
  if (readStamp(stamp) === wanted && existsSync(join(root, 'out/main/headless.js'))) return;
  const node = ensureNode();
  await step('Building', async () => {
    const result = await run(
      node,
      [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
      { cwd: root, env: productEnv(node) },
    );
    if (!result.ok) throw new SetupError(`The build failed:\n${lastLines(result.output, 20)}`);
  });
  writeStamp(stamp, wanted);
}
