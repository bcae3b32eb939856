// Azurite, Microsoft's own server for tests of Azure storage: 200 MB of packages that only one test needs, so it is put into
// the user's cache and not among the packages of the project.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { lastLines, run, step } from './step.mjs';

const version = '3.37.0';
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const folder = () => join(cacheFolder(), `azurite-${version}`);
const program = (from) => join(from, 'node_modules/azurite/dist/src/blob/main.js');

/** Finds it or installs it by npm. Resolves to {path} or {missing: a sentence}. */
export async function ensureAzurite() {
  const given = process.env.CUEDESK_AZURITE;
  if (given) return existsSync(given) ? { path: given } : { missing: `There is no ${given}.` };
  if (existsSync(program(folder()))) return { path: program(folder()) };
  let made;
  try {
    mkdirSync(cacheFolder(), { recursive: true });
    made = mkdtempSync(join(cacheFolder(), 'install-'));
    await step(`Installing azurite ${version} (npm)`, async () => {
      const args = ['install', '--prefix', made, '--ignore-scripts', '--no-audit', '--no-fund', `azurite@${version}`];
      const result = await run(npm, args, { cwd: made });
      if (!result.ok) throw new Error(lastLines(result.output));
    });
    renameSync(made, folder());
    return { path: program(folder()) };
  } catch (error) {
    return { missing: `azurite could not be installed. ${error.cause?.message ?? error.message}` };
  } finally {
    if (made) rmSync(made, { recursive: true, force: true });
  }
}
