import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, electronBinary, hasDisplay, root } from './paths.mjs';
import { readStamp, writeStamp } from './stamps.mjs';
import { run, step } from './step.mjs';

/** How long a download may bring nothing. One that goes on is waited for: the binary has more than 100 MB. */
const tryLimitMs = 10_000;
const tryAgainAfterMs = 24 * 3_600_000;

/** Electron's binary, downloading it where bytes come. `node` runs the download. Resolves to {path} or {why: a clause}. */
export async function ensureElectron(node, limitMs = tryLimitMs) {
  if (!hasDisplay()) return { why: 'this computer has no display' };
  const present = electronBinary();
  if (present) return { path: present };
  const stamp = join(cacheFolder(), 'electron-download-tried');
  if (Date.now() - Number(readStamp(stamp) ?? 0) < tryAgainAfterMs)
    return { why: "Electron's binary is not here and could not be downloaded less than a day ago" };
  const arrives = join(root, 'node_modules/.cuedesk-electron');
  const told = { TMPDIR: arrives, TEMP: arrives, TMP: arrives };
  await step("Downloading Electron's binary (given up where nothing comes for 10 s)", async () => {
    rmSync(arrives, { recursive: true, force: true }); // of a try that was interrupted
    mkdirSync(arrives, { recursive: true });
    const progress = () => bytesIn(arrives) + bytesIn(join(root, 'node_modules/electron/dist'));
    await run(node, [join(root, 'node_modules/electron/install.js')], {
      cwd: root,
      env: { ...process.env, ...told },
      limitMs,
      progress,
    });
    rmSync(arrives, { recursive: true, force: true });
  });
  const path = electronBinary();
  if (path) return { path };
  try {
    writeStamp(stamp, String(Date.now()));
  } catch {
    // no cache can be written: it is tried again at the next start
  }
  return { why: "Electron's binary could not be downloaded" };
}

function bytesIn(folder) {
  let bytes = 0;
  try {
    for (const name of readdirSync(folder, { recursive: true }))
      bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // it is not there yet, or goes while it is looked at
  }
  return bytes;
}
