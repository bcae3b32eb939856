// npm run rehearse: the main job without a window. Options are those of out/main/rehearse.js (--help lists them).
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { ensureFfmpeg } from './lib/programs.mjs';
import { main, run, SetupError } from './lib/step.mjs';
import { ensureBuild, ensureNode, ensurePackages, productEnv } from './setup.mjs';

await main(async () => {
  await ensurePackages();
  const node = ensureNode();
  await ensureBuild();
  const ffmpeg = await ensureFfmpeg();
  if (ffmpeg.missing) throw new SetupError(ffmpeg.missing);
  const result = await run(node, [join(root, 'out/main/rehearse.js'), ...process.argv.slice(2)], {
    cwd: root,
    env: { ...productEnv(node), FFMPEG_PATH: ffmpeg.path },
    show: true,
    limitMs: 2 ** 31 - 1,
  });
  return result.code ?? 1;
});
