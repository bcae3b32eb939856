// npm run dev: hot reload. In Electron's window where its binary is here, else in the tests' stand-in for it (Chromium).
import { join } from 'node:path';
import { electronBinary, hasDisplay, root } from './lib/paths.mjs';
import { ensureChromium, ensureFfmpeg } from './lib/programs.mjs';
import { main, run, say, SetupError } from './lib/step.mjs';
import { ensureNode, ensurePackages, productEnv } from './setup.mjs';

await main(async () => {
  await ensurePackages();
  const node = ensureNode();
  const env = productEnv(node);
  const ffmpeg = await ensureFfmpeg();
  if (ffmpeg.path) env.FFMPEG_PATH = ffmpeg.path;
  if (!electronBinary()) {
    const chromium = await ensureChromium();
    if (chromium.missing) throw new SetupError(chromium.missing);
    say("Electron's binary is not here: the window is a Chromium page.");
    Object.assign(env, {
      ELECTRON_EXEC_PATH: join(root, 'test/support/electron-standin/electron-bin.sh'),
      CUEDESK_CHROMIUM: chromium.path,
      STANDIN_HEADED: hasDisplay() ? '1' : '0',
    });
  }
  const result = await run(node, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'dev'], {
    cwd: root,
    env,
    show: true,
    limitMs: 2 ** 31 - 1,
  });
  return result.code ?? 1;
});
