// npm run dev: hot reload. In Electron's window where its binary is here, else in the tests' stand-in for it (Chromium).
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureElectron } from './lib/electron.mjs';
import { electronBinary, hasDisplay, root } from './lib/paths.mjs';
import { ensureChromium, ensureFfmpeg } from './lib/programs.mjs';
import { main, run, say, SetupError } from './lib/step.mjs';
import { ensureNode, ensurePackages, productEnv } from './setup.mjs';

const help = `npm run dev [-- options of npm start]
Opens the console from the sources: the page changes as you save; main is read anew at the next start.
Its data lies in out/dev unless --data says otherwise.`;

/** The environment in which electron-vite finds the stand-in, or a sentence. */
async function standin(why) {
  if (process.platform === 'win32') throw new SetupError(`npm run dev needs Electron's binary on Windows: ${why}.`);
  const chromium = await ensureChromium();
  if (chromium.missing) throw new SetupError(chromium.missing);
  say(`The window is a Chromium page${hasDisplay() ? '' : ' that nobody sees'}: ${why}.`);
  return {
    ELECTRON_EXEC_PATH: join(root, 'test/support/electron-standin/electron-bin.sh'),
    CUEDESK_CHROMIUM: chromium.path,
    STANDIN_HEADED: hasDisplay() ? '1' : '0',
    STANDIN_PROFILE: join(root, 'out/dev/profile'),
  };
}

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    say(help);
    return 0;
  }
  await ensurePackages();
  const node = ensureNode();
  const env = productEnv(node);
  const ffmpeg = await ensureFfmpeg();
  if (ffmpeg.path) env.FFMPEG_PATH = ffmpeg.path;
  const electron = electronBinary() ? {} : await ensureElectron(node);
  if (electron.why) Object.assign(env, await standin(electron.why));
  if (!args.some((arg) => arg.startsWith('--data'))) args.push('--data', join(root, 'out/dev'));
  mkdirSync(join(root, 'out/dev'), { recursive: true });
  rmSync(join(root, 'out/.stamp'), { force: true }); // what dev builds into out is not what npm start opens
  const result = await run(
    node,
    [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'dev', '--', ...args],
    {
      cwd: root,
      env,
      show: true,
      limitMs: 2 ** 31 - 1,
    },
  );
  return result.code ?? 1;
});
