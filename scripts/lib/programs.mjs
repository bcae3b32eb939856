import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { aptInstall, canUseApt } from './debian.mjs';
import { cacheFolder, findOnPath, root } from './paths.mjs';
import { step } from './step.mjs';

/** ffmpeg: FFMPEG_PATH, the copy of ffmpeg-static where it could be downloaded, the PATH. */
function findFfmpeg() {
  if (process.env.FFMPEG_PATH) return process.env.FFMPEG_PATH;
  try {
    const file = createRequire(join(root, 'package.json'))('ffmpeg-static');
    if (file && existsSync(file)) return file; // the package may be there without its download
  } catch {
    // ffmpeg-static is optional: npm takes it away where its download fails
  }
  return findOnPath('ffmpeg');
}

const findChromium = () =>
  process.env.CUEDESK_CHROMIUM ??
  ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'].map(findOnPath).find(Boolean) ??
  [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ].find(existsSync) ??
  null;

export function findLivekitServer() {
  if (process.env.LIVEKIT_SERVER) return existsSync(process.env.LIVEKIT_SERVER) ? process.env.LIVEKIT_SERVER : null;
  const kept = join(cacheFolder(), process.platform === 'win32' ? 'livekit-server.exe' : 'livekit-server');
  return findOnPath('livekit-server') ?? (existsSync(kept) ? kept : null);
}

/** Finds a program or installs it by apt where that is allowed. Resolves to {path} or {missing: a sentence}. */
async function ensure(what, find, packageName, advice) {
  const found = find();
  if (found) return { path: found };
  if (!canUseApt()) return { missing: `${what} was not found. ${advice}` };
  const problem = await step(`Installing ${what} (apt-get)`, () => aptInstall(packageName));
  const path = find();
  return path ? { path } : { missing: `${what} could not be installed. ${problem ?? advice}` };
}

export async function ensureFfmpeg() {
  const named = process.env.FFMPEG_PATH;
  if (named && !existsSync(named)) return { missing: `FFMPEG_PATH names ${named}, and no program is there.` };
  return ensure(
    'ffmpeg',
    findFfmpeg,
    'ffmpeg',
    'Install it with your package manager (Debian: sudo apt-get install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or set FFMPEG_PATH.',
  );
}
/** For the tests that need a livekit-server with a memory: egress rows live in redis. */
export const ensureRedis = () =>
  ensure(
    'redis-server',
    () => process.env.REDIS_SERVER ?? findOnPath('redis-server'),
    'redis-server',
    'Install it with your package manager (Debian: sudo apt-get install redis-server), or set REDIS_SERVER.',
  );
export const ensureChromium = () =>
  ensure(
    'Chromium',
    findChromium,
    'chromium',
    'Install Chromium or Google Chrome (Debian: sudo apt-get install chromium), or set CUEDESK_CHROMIUM.',
  );
