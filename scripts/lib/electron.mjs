import { join } from 'node:path';
import { cacheFolder, electronBinary, hasDisplay, root } from './paths.mjs';
import { readStamp, writeStamp } from './stamps.mjs';
import { run, step } from './step.mjs';

const tryLimitMs = 10_000;
const tryAgainAfterMs = 24 * 3_600_000;

/** Electron's binary, downloading it where that can be done soon. Resolves to {path} or {why: a clause}. */
export async function ensureElectron(limitMs = tryLimitMs) {
  if (!hasDisplay()) return { why: 'this computer has no display' };
  const present = electronBinary();
  if (present) return { path: present };
  const stamp = join(cacheFolder(), 'electron-download-tried');
  if (Date.now() - Number(readStamp(stamp) ?? 0) < tryAgainAfterMs)
    return { why: "Electron's binary is not here and could not be downloaded less than a day ago" };
  await step("Downloading Electron's binary (10 s at most)", () =>
    run(process.execPath, [join(root, 'node_modules/electron/install.js')], { cwd: root, limitMs }),
  );
  const path = electronBinary();
  if (path) return { path };
  writeStamp(stamp, String(Date.now()));
  return { why: "Electron's binary could not be downloaded" };
}
