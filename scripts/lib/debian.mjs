import { existsSync } from 'node:fs';
import { findOnPath } from './paths.mjs';
import { lastLines, run } from './step.mjs';

/** True where this script may install a Debian package without asking. */
export const canUseApt = () =>
  existsSync('/etc/debian_version') && process.getuid?.() === 0 && findOnPath('apt-get') !== null;

/** Installs a Debian package; resolves to null, or to a sentence that says why not. */
export async function aptInstall(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', name], { env });
  let result = await install();
  if (!result.ok) {
    await run('apt-get', ['update'], { env }); // a fresh machine has no package lists, or old ones
    result = await install();
  }
  return result.ok ? null : `apt-get could not install ${name}:\n${lastLines(result.output, 4)}`;
}
